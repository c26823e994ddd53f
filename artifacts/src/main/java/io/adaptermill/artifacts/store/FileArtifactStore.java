package io.adaptermill.artifacts.store;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.Manifest;
import io.adaptermill.artifacts.Manifest.FileProof;
import io.adaptermill.artifacts.UserPath;
import io.adaptermill.artifacts.peft.OptimizerFile;
import io.adaptermill.artifacts.peft.PeftConfig;
import io.adaptermill.artifacts.peft.PeftWeights;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A folder that several processes, and machines, may share.
///
/// An artifact is `ROOT/sha256/<hex>/`, a folder that PEFT opens as it is. It is written under
/// `ROOT/writing/`, synced, and renamed into place, so it is whole or absent whatever crashes. A crash
/// leaves rubbish in `writing/` at most: nobody reads it, and it may be deleted while no trainer runs. Its signature,
/// if
/// it has one, is `ROOT/signatures/<hex>.sig`.
public final class FileArtifactStore implements ArtifactStore {
    private final Path complete;
    private final Path writing;
    private final Path signatures;

    /// The store that the setting `adaptermill.store` names.
    public static FileArtifactStore at(String root) {
        return new FileArtifactStore(UserPath.of(root));
    }

    /// @param root created if it does not exist
    public FileArtifactStore(Path root) {
        complete = root.resolve("sha256");
        writing = root.resolve("writing");
        signatures = root.resolve("signatures");
        try {
            Files.createDirectories(complete);
            Files.createDirectories(writing);
            Files.createDirectories(signatures);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the artifact store " + root, e);
        }
    }

    @Override
    public Digest put(AdapterArtifact artifact) {
        requireSane(artifact.adapter());
        try {
            Path folder = Files.createTempDirectory(writing, "put-");
            try {
                Digest digest = write(artifact, folder);
                publish(folder, digest);
                return digest;
            } finally {
                if (Files.exists(folder)) DurableFiles.deleteTree(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot store " + artifact.provenance().version() + " in " + complete, e);
        }
    }

    @Override
    public AdapterArtifact get(Digest digest) {
        return new ArtifactReader(folder(digest)).read(digest);
    }

    @Override
    public boolean contains(Digest digest) {
        return Files.isDirectory(path(digest), LinkOption.NOFOLLOW_LINKS);
    }

    /// Everything that is stored, in the order of the digests; says nothing about its health.
    public List<Digest> digests() {
        try (Stream<Path> entries = Files.list(complete)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[0-9a-f]{64}"))
                    .sorted()
                    .map(hex -> new Digest("sha256:" + hex))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the artifact store " + complete, e);
        }
    }

    /// Where an artifact's files are, for servers that load folders themselves. Read only.
    ///
    /// @throws ArtifactMissing if there is nothing under that digest
    public Path folder(Digest digest) {
        if (!contains(digest)) throw new ArtifactMissing(digest, complete.toString());
        return path(digest);
    }

    /// Proof of each of an artifact's files, the manifest among them, by name.
    ///
    /// @throws ArtifactMissing if there is nothing under that digest
    /// @throws MalformedFile if its manifest is not the one that its name says
    public SortedMap<String, Digest> proofs(Digest digest) {
        SortedMap<String, Digest> proofs = new TreeMap<>();
        new ArtifactReader(folder(digest))
                .manifest(digest)
                .files()
                .forEach((name, proof) -> proofs.put(name, proof.sha256()));
        proofs.put(ArtifactFiles.MANIFEST, digest);
        return proofs;
    }

    /// Where an artifact's signature is, if it has one.
    public Path signatureFile(Digest digest) {
        return signatures.resolve(digest.hex() + ".sig");
    }

    /// @return absent if the artifact is not signed
    Optional<byte[]> signature(Digest digest) {
        Path file = signatureFile(digest);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return Optional.empty();
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the signature " + file, e);
        }
    }

    /// Durable before it returns, and whole or absent whatever crashes.
    void putSignature(Digest digest, byte[] signature) {
        try {
            Path folder = Files.createTempDirectory(writing, "sign-");
            Path file = folder.resolve("signature");
            DurableFiles.write(file, out -> out.write(signature));
            Files.move(file, signatureFile(digest), StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.sync(signatures);
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot sign " + digest + " in " + signatures, e);
        }
    }

    /// Reads and verifies a folder that left its store, whatever it is called now.
    ///
    /// @throws MalformedFile as [#get]
    public static AdapterArtifact read(Path folder) {
        return new ArtifactReader(folder).read();
    }

    /// A digest is 64 hexadecimal digits by its type, so no name can lead out of the store.
    private Path path(Digest digest) {
        return complete.resolve(digest.hex());
    }

    private static Digest write(AdapterArtifact artifact, Path folder) throws IOException {
        Adapter adapter = artifact.adapter();
        byte[] config = PeftConfig.write(adapter, artifact.provenance().base().value());
        SortedMap<String, FileProof> files = new TreeMap<>();
        files.put(
                ArtifactFiles.CONFIG,
                DurableFiles.write(folder.resolve(ArtifactFiles.CONFIG), out -> out.write(config)));
        files.put(
                ArtifactFiles.WEIGHTS,
                DurableFiles.write(folder.resolve(ArtifactFiles.WEIGHTS), out -> PeftWeights.write(adapter, out)));
        if (adapter.optimizer().isPresent()) {
            Path file = folder.resolve(ArtifactFiles.OPTIMIZER);
            files.put(
                    ArtifactFiles.OPTIMIZER,
                    DurableFiles.write(
                            file, out -> OptimizerFile.write(adapter.optimizer().orElseThrow(), out)));
        }
        byte[] manifest = EventJson.write(new Manifest(Manifest.FORMAT, artifact.provenance(), files));
        DurableFiles.write(folder.resolve(ArtifactFiles.MANIFEST), out -> out.write(manifest));
        DurableFiles.sync(folder);
        return Digest.of(manifest);
    }

    /// Renames into place; whoever came first stays, unless the bytes there have rotted.
    private void publish(Path folder, Digest digest) throws IOException {
        if (contains(digest)) {
            if (isHealthy(digest)) return;
            moveAside(digest);
        }
        try {
            Files.move(folder, path(digest), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!contains(digest)) throw e;
            get(digest);
        }
        DurableFiles.sync(complete);
    }

    private boolean isHealthy(Digest digest) {
        try {
            get(digest);
            return true;
        } catch (MalformedFile rotten) {
            return false;
        }
    }

    private void moveAside(Digest digest) throws IOException {
        Path aside = Files.createTempDirectory(writing, "rotten-").resolve(digest.hex());
        Files.move(path(digest), aside, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void requireSane(Adapter adapter) {
        adapter.modules().forEach((path, module) -> {
            if (!PeftWeights.isSane(module)) {
                throw new IllegalArgumentException(
                        "module " + path + " holds a weight that is not finite or larger than "
                                + PeftWeights.MAGNITUDE_MAX + ": report the training as failed");
            }
        });
        if (adapter.optimizer().isPresent()
                && !adapter.optimizer().orElseThrow().isFinite()) {
            throw new IllegalArgumentException("the optimizer holds a moment that is not finite");
        }
    }
}
