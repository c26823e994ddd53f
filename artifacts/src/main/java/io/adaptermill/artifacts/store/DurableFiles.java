package io.adaptermill.artifacts.store;

import io.adaptermill.artifacts.Manifest.FileProof;
import io.adaptermill.artifacts.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.stream.Stream;

/// Files that survive a power cut once these methods have returned.
final class DurableFiles {
    private DurableFiles() {}

    /// What a file's writer does with its stream.
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Writes a new file, synced, and proves what was written.
    static FileProof write(Path file, Content content) throws IOException {
        MessageDigest sha256 = Sha256.start();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            OutputStream out = new DigestOutputStream(buffered, sha256);
            content.writeTo(out);
            out.flush();
            channel.force(true);
            return new FileProof(Sha256.finish(sha256), channel.size());
        }
    }

    /// Makes creations and renames inside a folder durable.
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void deleteTree(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
