package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.FLOAT;
import static io.adaptermill.lora.quant.BrainFloats.FLOATS;
import static io.adaptermill.lora.quant.BrainFloats.LANES;
import static io.adaptermill.lora.quant.BrainFloats.SHORT;
import static io.adaptermill.lora.quant.BrainFloats.SHORTS;
import static io.adaptermill.lora.quant.BrainFloats.WIDE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/// A weight as plain numbers: norms, biases, and whatever a file does not quantise.
///
/// @param format how each number is stored
/// @param data `rows · columns` numbers, little-endian, row-major
public record DenseTensor(int rows, int columns, Format format, MemorySegment data) implements FrozenTensor {
    /// How each number is stored.
    public enum Format {
        F32(4),
        BF16(2),
        F16(2);

        private final int sizeBytes;

        Format(int sizeBytes) {
            this.sizeBytes = sizeBytes;
        }

        public int sizeBytes() {
            return sizeBytes;
        }
    }

    public DenseTensor {
        long expected = (long) rows * columns * format.sizeBytes();
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("a %d x %d %s tensor has %d bytes, was %d"
                    .formatted(rows, columns, format, expected, data.byteSize()));
        }
    }

    /// The same numbers in other memory.
    public DenseTensor copy(Arena memory) {
        return new DenseTensor(
                rows, columns, format, memory.allocate(data.byteSize(), 64).copyFrom(data));
    }

    @Override
    public void readFloats(int from, int to, MemorySegment out, long at) {
        long first = (long) from * columns;
        long count = (long) (to - from) * columns;
        switch (format) {
            case F32 -> MemorySegment.copy(data, 4 * first, out, at, 4 * count);
            case BF16 -> widenBrains(first, count, out, at);
            case F16 -> {
                for (long i = 0; i < count; i++) out.set(FLOAT, at + 4 * i, half(first + i));
            }
        }
    }

    @Override
    public void readBrainFloats(int from, int to, MemorySegment out, long at) {
        long first = (long) from * columns;
        long count = (long) (to - from) * columns;
        switch (format) {
            case F32 -> roundFloats(first, count, out, at);
            case BF16 -> MemorySegment.copy(data, 2 * first, out, at, 2 * count);
            case F16 -> {
                for (long i = 0; i < count; i++) out.set(SHORT, at + 2 * i, BrainFloats.round(half(first + i)));
            }
        }
    }

    @Override
    public String storage() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<MemorySegment> bytes() {
        return List.of(data);
    }

    private float half(long element) {
        return Float.float16ToFloat(data.get(SHORT, 2 * element));
    }

    private void widenBrains(long first, long count, MemorySegment out, long at) {
        long i = 0;
        for (; WIDE && i + LANES <= count; i += LANES) {
            ShortVector brains = ShortVector.fromMemorySegment(SHORTS, data, 2 * (first + i), ByteOrder.LITTLE_ENDIAN);
            BrainFloats.widen(brains).intoMemorySegment(out, at + 4 * i, ByteOrder.LITTLE_ENDIAN);
        }
        for (; i < count; i++) out.set(FLOAT, at + 4 * i, BrainFloats.widen(data.get(SHORT, 2 * (first + i))));
    }

    private void roundFloats(long first, long count, MemorySegment out, long at) {
        long i = 0;
        for (; WIDE && i + LANES <= count; i += LANES) {
            FloatVector floats = FloatVector.fromMemorySegment(FLOATS, data, 4 * (first + i), ByteOrder.LITTLE_ENDIAN);
            BrainFloats.round(floats).intoMemorySegment(out, at + 2 * i, ByteOrder.LITTLE_ENDIAN);
        }
        for (; i < count; i++) out.set(SHORT, at + 2 * i, BrainFloats.round(data.get(FLOAT, 4 * (first + i))));
    }
}
