package io.adaptermill.lora.gguf;

import io.adaptermill.artifacts.MalformedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A position in the bytes of a GGUF file; every read is checked against the end first.
///
/// Mutable; belongs to the thread that parses.
final class GgufCursor {
    static final String NEXT = "download the file again, or convert the model again";

    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE);
    private static final int TEXT_BYTES_MAX = 16 << 20;

    private final Path file;
    private final MemorySegment bytes;
    private long position;

    GgufCursor(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    int readByte() {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1));
    }

    int readShort() {
        return bytes.get(U16, advance(2));
    }

    int readInt() {
        return bytes.get(U32, advance(4));
    }

    long readLong() {
        return bytes.get(U64, advance(8));
    }

    /// An unsigned 64-bit count that must be in `[0, max]`.
    long readCount(String what, long max) {
        long start = position;
        long count = readLong();
        if (count < 0 || count > max) {
            throw malformed(start, "%s must be in [0, %d], was %s".formatted(what, max, Long.toUnsignedString(count)));
        }
        return count;
    }

    String readText() {
        long length = readCount("a string's length", Math.min(TEXT_BYTES_MAX, Math.max(0, remaining() - 8)));
        long start = advance(length);
        try {
            ByteBuffer text = bytes.asSlice(start, length).asByteBuffer();
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(text)
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(start, "a string is not UTF-8");
        }
    }

    /// Moves on and returns where it was.
    long advance(long count) {
        if (count > remaining()) {
            throw malformed(position, "%d bytes expected, %d are left".formatted(count, remaining()));
        }
        long start = position;
        position += count;
        return start;
    }

    MalformedFile malformed(long offset, String problem) {
        return new MalformedFile(file, offset, problem, NEXT);
    }
}
