package io.adaptermill.cli.adapters;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// An adapter that somebody named on the command line.
///
/// @param name as they wrote it
/// @param digest of the artifact's manifest, or of a foreign folder's weights
/// @param base fingerprint of its base model; absent where a foreign folder proves nothing
public record NamedAdapter(String name, Adapter adapter, Digest digest, Optional<Digest> base) {
    /// @param store asked for when a version or a digest is named
    /// @param versions what artifact a version is
    /// @throws CommandFailure if there is nothing of that name, or it cannot be read
    public static NamedAdapter of(String name, Supplier<Path> store, Function<VersionId, Optional<Digest>> versions) {
        try {
            if (Files.isDirectory(Path.of(name))) return folder(name);
            if (name.startsWith("sha256:")) return stored(name, new Digest(name), store.get());
            if (name.contains("@")) return stored(name, digest(name, versions), store.get());
        } catch (ArtifactMissing e) {
            throw new CommandFailure(
                    Exit.NOT_FOUND,
                    name + " is not in the store: " + e.getMessage() + ".",
                    "say which with --store",
                    e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.FAILED, name + " is no adapter: " + e.getMessage() + ".", "name another", e);
        }
        throw new CommandFailure(
                Exit.NOT_FOUND,
                "There is no adapter " + name + ".",
                "name a version such as acme@7, a digest such as sha256:…, or a folder");
    }

    private static NamedAdapter folder(String name) {
        Path folder = Path.of(name);
        if (Files.exists(folder.resolve(ArtifactFiles.MANIFEST))) {
            AdapterArtifact artifact = FileArtifactStore.read(folder);
            return of(name, artifact, digestOf(folder.resolve(ArtifactFiles.MANIFEST)));
        }
        PeftFolder foreign = PeftFolder.read(folder);
        Optional<Digest> base =
                foreign.base().filter(text -> text.startsWith("sha256:")).map(Digest::new);
        return new NamedAdapter(name, foreign.adapter(), digestOf(folder.resolve(ArtifactFiles.WEIGHTS)), base);
    }

    private static NamedAdapter stored(String name, Digest digest, Path store) {
        return of(name, new FileArtifactStore(store).get(digest), digest);
    }

    private static NamedAdapter of(String name, AdapterArtifact artifact, Digest digest) {
        return new NamedAdapter(
                name,
                artifact.adapter().withoutOptimizer(),
                digest,
                Optional.of(artifact.provenance().base()));
    }

    private static Digest digest(String name, Function<VersionId, Optional<Digest>> versions) {
        VersionId version = VersionId.parse(name);
        return versions.apply(version)
                .orElseThrow(() -> new CommandFailure(
                        Exit.NOT_FOUND, "There is no version " + version + ".", "./adaptermill adapters ls"));
    }

    private static Digest digestOf(Path file) {
        try {
            return Digest.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
