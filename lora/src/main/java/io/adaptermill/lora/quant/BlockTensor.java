package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.FLOAT;
import static io.adaptermill.lora.quant.BrainFloats.FLOATS;
import static io.adaptermill.lora.quant.BrainFloats.LANES;
import static io.adaptermill.lora.quant.BrainFloats.SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// A weight in the GGUF file's own blocks of 32, byte for byte.
///
/// Kept because quantising a 4-bit file again would cost 0.3 nats; keeping its blocks costs nothing.
///
/// @param format how a block is stored
/// @param data the blocks, row-major; a row is `columns / 32` of them
public record BlockTensor(int rows, int columns, Format format, MemorySegment data) implements FrozenTensor {
    /// Weights in one block.
    public static final int BLOCK = 32;

    /// How a block is stored; `d` and `m` are float16.
    public enum Format {
        /// `d`, 16 bytes of codes q: weight `d · (q - 8)`.
        Q4_0(18),
        /// `d`, `m`, 16 bytes of codes q: weight `d · q + m`, product and sum rounded one after the other.
        Q4_1(20),
        /// `d`, 32 signed bytes q: weight `d · q`.
        Q8_0(34);

        private final int sizeBytes;

        Format(int sizeBytes) {
            this.sizeBytes = sizeBytes;
        }

        public int sizeBytes() {
            return sizeBytes;
        }
    }

    private static final float[] CODES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final float[] CENTRED = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};

    public BlockTensor {
        if (columns % BLOCK != 0) {
            throw new IllegalArgumentException("columns must be a multiple of " + BLOCK + ", was " + columns);
        }
        long expected = (long) rows * (columns / BLOCK) * format.sizeBytes();
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("a %d x %d %s tensor has %d bytes, was %d"
                    .formatted(rows, columns, format, expected, data.byteSize()));
        }
    }

    @Override
    public void readFloats(int from, int to, MemorySegment out, long at) {
        readFloats(from, to, out, at, BrainFloats.WIDE);
    }

    @Override
    public void readBrainFloats(int from, int to, MemorySegment out, long at) {
        readBrainFloats(from, to, out, at, BrainFloats.WIDE);
    }

    @Override
    public String storage() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<MemorySegment> bytes() {
        return List.of(data);
    }

    void readFloats(int from, int to, MemorySegment out, long at, boolean wide) {
        long first = (long) from * (columns / BLOCK);
        long count = (long) (to - from) * (columns / BLOCK);
        switch (format) {
            case Q4_0, Q4_1 -> {
                if (wide) wideFloats4(first, count, out, at);
                else plainFloats4(first, count, out, at);
            }
            case Q8_0 -> {
                if (wide) wideFloats8(first, count, out, at);
                else plainFloats8(first, count, out, at);
            }
        }
    }

    void readBrainFloats(int from, int to, MemorySegment out, long at, boolean wide) {
        long first = (long) from * (columns / BLOCK);
        long count = (long) (to - from) * (columns / BLOCK);
        switch (format) {
            case Q4_0, Q4_1 -> {
                if (wide) wideBrains4(first, count, out, at);
                else plainBrains4(first, count, out, at);
            }
            case Q8_0 -> {
                if (wide) wideBrains8(first, count, out, at);
                else plainBrains8(first, count, out, at);
            }
        }
    }

    private void wideFloats4(long first, long count, MemorySegment out, long at) {
        boolean centred = format == Format.Q4_0;
        FloatVector codes = FloatVector.fromArray(FLOATS, centred ? CENTRED : CODES, 0);
        int size = format.sizeBytes();
        int header = size - LANES;
        for (long block = 0; block < count; block++) {
            long source = (first + block) * size;
            FloatVector table = codes.mul(half(source));
            if (!centred) table = table.add(half(source + 2));
            Nibbles.floats(table, data, source + header, out, at + block * BLOCK * 4);
        }
    }

    private void wideBrains4(long first, long count, MemorySegment out, long at) {
        boolean centred = format == Format.Q4_0;
        FloatVector codes = FloatVector.fromArray(FLOATS, centred ? CENTRED : CODES, 0);
        int size = format.sizeBytes();
        int header = size - LANES;
        for (long block = 0; block < count; block++) {
            long source = (first + block) * size;
            FloatVector table = codes.mul(half(source));
            if (!centred) table = table.add(half(source + 2));
            Nibbles.brains(table, data, source + header, out, at + block * BLOCK * 2);
        }
    }

    private void plainFloats4(long first, long count, MemorySegment out, long at) {
        float[] table = new float[LANES];
        for (long block = 0; block < count; block++) {
            long source = (first + block) * format.sizeBytes();
            fillTable(source, table);
            Nibbles.floats(table, data, source + format.sizeBytes() - LANES, out, at + block * BLOCK * 4);
        }
    }

    private void plainBrains4(long first, long count, MemorySegment out, long at) {
        float[] table = new float[LANES];
        for (long block = 0; block < count; block++) {
            long source = (first + block) * format.sizeBytes();
            fillTable(source, table);
            Nibbles.brains(table, data, source + format.sizeBytes() - LANES, out, at + block * BLOCK * 2);
        }
    }

    private void fillTable(long source, float[] table) {
        boolean centred = format == Format.Q4_0;
        float d = half(source);
        for (int code = 0; code < LANES; code++) {
            table[code] = centred ? d * CENTRED[code] : d * CODES[code] + half(source + 2);
        }
    }

    private void wideFloats8(long first, long count, MemorySegment out, long at) {
        for (long block = 0; block < count; block++) {
            long source = (first + block) * format.sizeBytes();
            float d = half(source);
            for (int i = 0; i < BLOCK; i += LANES) {
                signed(source + 2 + i)
                        .mul(d)
                        .intoMemorySegment(out, at + (block * BLOCK + i) * 4, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private void wideBrains8(long first, long count, MemorySegment out, long at) {
        for (long block = 0; block < count; block++) {
            long source = (first + block) * format.sizeBytes();
            float d = half(source);
            for (int i = 0; i < BLOCK; i += LANES) {
                BrainFloats.round(signed(source + 2 + i).mul(d))
                        .intoMemorySegment(out, at + (block * BLOCK + i) * 2, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private void plainFloats8(long first, long count, MemorySegment out, long at) {
        for (long block = 0; block < count; block++) {
            long source = (first + block) * format.sizeBytes();
            float d = half(source);
            for (int i = 0; i < BLOCK; i++) {
                out.set(FLOAT, at + (block * BLOCK + i) * 4, d * data.get(BYTE, source + 2 + i));
            }
        }
    }

    private void plainBrains8(long first, long count, MemorySegment out, long at) {
        for (long block = 0; block < count; block++) {
            long source = (first + block) * format.sizeBytes();
            float d = half(source);
            for (int i = 0; i < BLOCK; i++) {
                short value = BrainFloats.round(d * data.get(BYTE, source + 2 + i));
                out.set(SHORT, at + (block * BLOCK + i) * 2, value);
            }
        }
    }

    private FloatVector signed(long source) {
        return (FloatVector) ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, source, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    private float half(long source) {
        return Float.float16ToFloat(data.get(SHORT, source));
    }
}
