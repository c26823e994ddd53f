package io.adaptermill.artifacts.store;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.Manifest;
import io.adaptermill.artifacts.Manifest.FileProof;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.artifacts.Routing;
import io.adaptermill.artifacts.peft.OptimizerFile;
import io.adaptermill.artifacts.peft.PeftConfig;
import io.adaptermill.artifacts.peft.PeftWeights;
import io.adaptermill.artifacts.safetensors.SafetensorsFile;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Reads one artifact's folder and believes nothing: each file is hashed through the same handle it is parsed from.
final class ArtifactReader {
    private static final long JSON_BYTES_MAX = 1 << 20;
    private static final String NEXT = "refuse this artifact; delete its folder and train the version again";
    private static final ObjectReader MANIFEST = EventJson.mapper()
            .readerFor(Manifest.class)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Path folder;

    ArtifactReader(Path folder) {
        this.folder = folder;
    }

    AdapterArtifact read(Digest digest) {
        return verified(manifest -> requireNamed(manifest, digest));
    }

    /// The list of its files alone, which are not looked at.
    Manifest manifest(Digest digest) {
        try {
            byte[] bytes = readJson(regularFile(ArtifactFiles.MANIFEST));
            requireNamed(bytes, digest);
            return parseManifest(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }

    private void requireNamed(byte[] manifest, Digest digest) {
        if (Digest.of(manifest).equals(digest)) return;
        String problem = "the manifest has digest " + Digest.of(manifest) + ", its name is " + digest;
        throw new MalformedFile(folder.resolve(ArtifactFiles.MANIFEST), problem, NEXT);
    }

    /// For a folder without a name to hold it to.
    AdapterArtifact read() {
        return verified(manifest -> {});
    }

    private AdapterArtifact verified(Consumer<byte[]> name) {
        try {
            byte[] bytes = readJson(regularFile(ArtifactFiles.MANIFEST));
            name.accept(bytes);
            Manifest manifest = parseManifest(bytes);
            requireNothingElse(manifest);
            Config config = readConfig(proof(manifest, ArtifactFiles.CONFIG));
            Weights weights = readWeights(proof(manifest, ArtifactFiles.WEIGHTS));
            if (config.dora() == weights.magnitudes().isEmpty()) {
                String problem = "use_dora is " + config.dora() + ", the weights say otherwise";
                throw new MalformedFile(folder.resolve(ArtifactFiles.CONFIG), problem, NEXT);
            }
            if (config.topK().isPresent() == weights.routers().isEmpty()) {
                String problem = "it is %s mixture, the weights say otherwise"
                        .formatted(config.topK().isPresent() ? "a" : "no");
                throw new MalformedFile(folder.resolve(ArtifactFiles.CONFIG), problem, NEXT);
            }
            Optional<OptimizerState> optimizer = Optional.ofNullable(
                            manifest.files().get(ArtifactFiles.OPTIMIZER))
                    .map(this::readOptimizer);
            return new AdapterArtifact(adapter(config, weights, optimizer), manifest.provenance());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }

    private Manifest parseManifest(byte[] bytes) {
        try {
            return MANIFEST.readValue(bytes);
        } catch (IOException e) {
            throw new MalformedFile(folder.resolve(ArtifactFiles.MANIFEST), "is no manifest: " + e.getMessage(), NEXT);
        }
    }

    private record Config(LoraConfig lora, boolean dora, OptionalInt topK) {}

    private record Weights(
            SortedMap<String, LowRank> modules,
            SortedMap<String, FloatTensor> magnitudes,
            SortedMap<String, FloatTensor> routers) {}

    private Config readConfig(FileProof proof) throws IOException {
        Path path = regularFile(ArtifactFiles.CONFIG);
        byte[] bytes = readJson(path);
        requireProof(path, proof, Digest.of(bytes), bytes.length);
        try {
            return new Config(PeftConfig.read(bytes), PeftConfig.isDora(bytes), PeftConfig.topK(bytes));
        } catch (IllegalArgumentException e) {
            throw new MalformedFile(path, String.valueOf(e.getMessage()), NEXT);
        }
    }

    private Weights readWeights(FileProof proof) {
        try (SafetensorsFile file = SafetensorsFile.map(regularFile(ArtifactFiles.WEIGHTS), proof)) {
            for (String name : file.tensors().keySet()) {
                if (!name.startsWith(PeftWeights.PEFT_PREFIX)) {
                    throw new MalformedFile(file.file(), "tensor " + name + " is not one of an adapter", NEXT);
                }
            }
            return new Weights(PeftWeights.read(file), PeftWeights.magnitudes(file), PeftWeights.routers(file));
        }
    }

    private OptimizerState readOptimizer(FileProof proof) {
        try (SafetensorsFile file = SafetensorsFile.map(regularFile(ArtifactFiles.OPTIMIZER), proof)) {
            return OptimizerFile.read(file);
        }
    }

    private Adapter adapter(Config config, Weights weights, Optional<OptimizerState> optimizer) {
        try {
            Optional<Routing> routing = config.topK().isPresent()
                    ? Optional.of(new Routing(config.topK().getAsInt(), weights.routers()))
                    : Optional.empty();
            return new Adapter(config.lora(), weights.modules(), optimizer, weights.magnitudes(), routing);
        } catch (IllegalArgumentException e) {
            throw new MalformedFile(folder, String.valueOf(e.getMessage()), NEXT);
        }
    }

    private FileProof proof(Manifest manifest, String name) {
        FileProof proof = manifest.files().get(name);
        if (proof == null) throw new IllegalStateException("a manifest must list " + name);
        return proof;
    }

    private void requireProof(Path path, FileProof proof, Digest actual, long sizeBytes) {
        if (sizeBytes != proof.sizeBytes() || !actual.equals(proof.sha256())) {
            String problem = "the manifest says %d bytes with %s, the file has %d with %s"
                    .formatted(proof.sizeBytes(), proof.sha256(), sizeBytes, actual);
            throw new MalformedFile(path, problem, NEXT);
        }
    }

    private void requireNothingElse(Manifest manifest) throws IOException {
        Set<String> expected = new TreeSet<>(manifest.files().keySet());
        expected.add(ArtifactFiles.MANIFEST);
        Set<String> actual = new TreeSet<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.forEach(entry -> actual.add(entry.getFileName().toString()));
        }
        if (!actual.equals(expected)) {
            throw new MalformedFile(folder, "the folder must hold " + expected + ", holds " + actual, NEXT);
        }
    }

    /// Links are refused: the bytes behind one can change while its name stays.
    private Path regularFile(String name) {
        Path path = folder.resolve(name);
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new MalformedFile(path, "a regular file expected, was a link, a folder or nothing", NEXT);
        }
        return path;
    }

    private static byte[] readJson(Path path) throws IOException {
        long size = Files.size(path);
        if (size > JSON_BYTES_MAX) {
            throw new MalformedFile(
                    path, "the file has " + size + " bytes, at most " + JSON_BYTES_MAX + " are read", NEXT);
        }
        return Files.readAllBytes(path);
    }
}
