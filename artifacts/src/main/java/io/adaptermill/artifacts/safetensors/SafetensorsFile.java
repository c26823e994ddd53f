package io.adaptermill.artifacts.safetensors;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.Manifest.FileProof;
import io.adaptermill.artifacts.Sha256;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.function.Consumer;

/// A safetensors file, mapped and checked.
///
/// Nothing is believed: the header is at most 8 MiB and strict JSON without duplicate names, every tensor's
/// extents agree with its bytes, and the tensors cover the data exactly once. The mapping ends with
/// [#close].
public final class SafetensorsFile implements AutoCloseable {
    public static final int HEADER_BYTES_MAX = 8 << 20;

    private static final int LENGTH_BYTES = 8;
    private static final String NEXT = "fetch or write the file again";
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Arena mapping;
    private final MemorySegment data;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path file, Arena mapping, MemorySegment data, SafetensorsHeader header) {
        this.file = file;
        this.mapping = mapping;
        this.data = data;
        this.header = header;
    }

    /// @throws MalformedFile if any byte of the header contradicts the format or the file's size
    public static SafetensorsFile map(Path file) {
        return map(file, bytes -> {});
    }

    /// Maps a file only if it is the one that a manifest means; the proof covers the very bytes that are mapped.
    ///
    /// @throws MalformedFile if size or digest differ, or as above
    public static SafetensorsFile map(Path file, FileProof proof) {
        return map(file, bytes -> requireProof(file, bytes, proof));
    }

    @SuppressWarnings("MustBeClosedChecker") // the file closes its mapping
    private static SafetensorsFile map(Path file, Consumer<MemorySegment> check) {
        Arena mapping = Arena.ofShared();
        try {
            MemorySegment bytes = mapWhole(file, mapping);
            check.accept(bytes);
            long headerBytes = headerBytes(file, bytes);
            MemorySegment data = bytes.asSlice(LENGTH_BYTES + headerBytes);
            String json = text(file, bytes.asSlice(LENGTH_BYTES, headerBytes));
            return new SafetensorsFile(file, mapping, data, SafetensorsHeader.parse(json, data.byteSize()));
        } catch (SafetensorsHeader.Contradiction e) {
            mapping.close();
            throw new MalformedFile(file, LENGTH_BYTES, String.valueOf(e.getMessage()), NEXT);
        } catch (RuntimeException e) {
            mapping.close();
            throw e;
        }
    }

    public Path file() {
        return file;
    }

    public SortedMap<String, String> metadata() {
        return header.metadata();
    }

    public SortedMap<String, TensorEntry> tensors() {
        return header.tensors();
    }

    /// @throws MalformedFile if there is no such tensor
    public TensorEntry entry(String name) {
        TensorEntry entry = header.tensors().get(name);
        if (entry == null) throw new MalformedFile(file, "tensor " + name + " is missing", NEXT);
        return entry;
    }

    /// A tensor's bytes in the mapping, valid until [#close].
    public MemorySegment bytes(String name) {
        TensorEntry entry = entry(name);
        return data.asSlice(entry.from(), entry.to() - entry.from());
    }

    @Override
    public void close() {
        mapping.close();
    }

    private static MemorySegment mapWhole(Path file, Arena mapping) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), mapping);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void requireProof(Path file, MemorySegment bytes, FileProof proof) {
        if (bytes.byteSize() != proof.sizeBytes()) {
            String problem =
                    "the manifest says %d bytes, the file has %d".formatted(proof.sizeBytes(), bytes.byteSize());
            throw new MalformedFile(file, problem, NEXT);
        }
        Digest actual = Sha256.of(bytes);
        if (!actual.equals(proof.sha256())) {
            throw new MalformedFile(file, "the manifest says " + proof.sha256() + ", the file has " + actual, NEXT);
        }
    }

    private static long headerBytes(Path file, MemorySegment bytes) {
        if (bytes.byteSize() < LENGTH_BYTES) {
            throw new MalformedFile(file, 0, "the file has " + bytes.byteSize() + " bytes, a length needs 8", NEXT);
        }
        long length = bytes.get(LENGTH, 0);
        if (length < 2 || length > HEADER_BYTES_MAX) {
            String problem = "the header's length must be in [2, %d], was %s"
                    .formatted(HEADER_BYTES_MAX, Long.toUnsignedString(length));
            throw new MalformedFile(file, 0, problem, NEXT);
        }
        if (length > bytes.byteSize() - LENGTH_BYTES) {
            String problem =
                    "the header has %d bytes, only %d follow".formatted(length, bytes.byteSize() - LENGTH_BYTES);
            throw new MalformedFile(file, 0, problem, NEXT);
        }
        return length;
    }

    private static String text(Path file, MemorySegment header) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(header.toArray(ValueLayout.JAVA_BYTE)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedFile(file, LENGTH_BYTES, "the header is not UTF-8", NEXT);
        }
    }
}
