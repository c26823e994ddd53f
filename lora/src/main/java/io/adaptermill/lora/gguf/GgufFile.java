package io.adaptermill.lora.gguf;

import io.adaptermill.artifacts.MalformedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.SortedMap;

/// A GGUF file, mapped and checked; the mapping ends with [#close].
///
/// Versions 2 and 3, little-endian. Tensors of types we do not read are refused by name, so that nobody
/// trains on half a model.
public final class GgufFile implements AutoCloseable {
    private static final int MAGIC = 0x46554747;
    private static final int COUNT_MAX = 1 << 16;

    private final Path path;
    private final Arena mapping;
    private final GgufMetadata metadata;
    private final SortedMap<String, GgufTensor> tensors;

    private GgufFile(Path path, Arena mapping, GgufMetadata metadata, SortedMap<String, GgufTensor> tensors) {
        this.path = path;
        this.mapping = mapping;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableSortedMap(tensors);
    }

    /// @throws MalformedFile if a size, offset or count contradicts the format or the file
    @SuppressWarnings("MustBeClosedChecker") // the file closes its mapping
    public static GgufFile map(Path path) {
        Arena mapping = Arena.ofShared();
        try {
            MemorySegment bytes = mapWhole(path, mapping);
            GgufCursor cursor = new GgufCursor(path, bytes);
            requireMagic(cursor);
            long tensorCount = cursor.readCount("the number of tensors", COUNT_MAX);
            long keyCount = cursor.readCount("the number of metadata keys", COUNT_MAX);
            GgufMetadata metadata = GgufMetadata.read(path, cursor, keyCount);
            SortedMap<String, GgufTensor> tensors = GgufTensors.read(cursor, bytes, tensorCount, metadata);
            return new GgufFile(path, mapping, metadata, tensors);
        } catch (RuntimeException e) {
            mapping.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    public SortedMap<String, GgufTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        mapping.close();
    }

    private static void requireMagic(GgufCursor cursor) {
        if (cursor.remaining() < 24 || cursor.readInt() != MAGIC) {
            throw cursor.malformed(0, "a GGUF file begins with the letters GGUF, this one does not");
        }
        int version = cursor.readInt();
        if (version < 2 || version > 3) {
            throw cursor.malformed(4, "GGUF version must be 2 or 3, was " + Integer.toUnsignedString(version));
        }
    }

    private static MemorySegment mapWhole(Path path, Arena mapping) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), mapping);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
