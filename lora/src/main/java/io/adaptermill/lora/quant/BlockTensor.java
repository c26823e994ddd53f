package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
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
public record BlockTensor(int rows, int columns, Format format, MemorySegment data) implements QuantisedTensor {
    /// Weights in one block.
    public static final int BLOCK = 32;

    /// How a block is stored; `d` and `m` are float16.
    public enum Format {
        /// `d`, 16 bytes of codes q: weight `d · (q - 8)`.
        Q4_0(18, 0),
        /// `d`, `m`, 16 bytes of codes q: weight `d · q + m`, product and sum rounded one after the other.
        Q4_1(20, 0, 2),
        /// `d`, 32 signed bytes q: weight `d · q`.
        Q8_0(34, 0);

        private final int sizeBytes;
        private final List<Integer> halves;

        Format(int sizeBytes, Integer... halves) {
            this.sizeBytes = sizeBytes;
            this.halves = List.of(halves);
        }

        public int sizeBytes() {
            return sizeBytes;
        }

        /// Where in a block its float16 are.
        public List<Integer> halves() {
            return halves;
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
    public String storage() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<MemorySegment> bytes() {
        return List.of(data);
    }

    @Override
    public void read(int from, int to, Sink sink, boolean wide) {
        int blocks = columns / BLOCK;
        long source = (long) from * blocks * format.sizeBytes();
        long count = (long) (to - from) * blocks;
        switch (format) {
            case Q4_0 -> nibbles(CENTRED, 2, source, count, sink, wide);
            case Q4_1 -> nibbles(CODES, 4, source, count, sink, wide);
            case Q8_0 -> bytes(source, count, sink, wide);
        }
    }

    /// @param levels what the codes stand for before scale and minimum
    /// @param header bytes before the codes: 4 where there is a minimum
    private void nibbles(float[] levels, int header, long source, long count, Sink sink, boolean wide) {
        if (!wide) {
            plainNibbles(levels, header, source, count, sink);
            return;
        }
        FloatVector codes = FloatVector.fromArray(FLOATS, levels, 0);
        if (sink.brains()) brains(codes, header, source, count, sink);
        else floats(codes, header, source, count, sink);
    }

    /// One loop for each kind of number: one that chose inside was compiled to vectors on the heap, three times slower.
    private void floats(FloatVector codes, int header, long source, long count, Sink sink) {
        for (long block = 0; block < count; block++) {
            long at = source + block * (header + LANES);
            FloatVector table = codes.mul(half(at));
            if (header == 4) table = table.add(half(at + 2));
            Nibbles.floats(table, data, at + header, sink.memory(), sink.at(block * BLOCK));
        }
    }

    private void brains(FloatVector codes, int header, long source, long count, Sink sink) {
        for (long block = 0; block < count; block++) {
            long at = source + block * (header + LANES);
            FloatVector table = codes.mul(half(at));
            if (header == 4) table = table.add(half(at + 2));
            Nibbles.brains(table, data, at + header, sink.memory(), sink.at(block * BLOCK));
        }
    }

    private void plainNibbles(float[] levels, int header, long source, long count, Sink sink) {
        float[] table = new float[LANES];
        for (long block = 0; block < count; block++) {
            long at = source + block * (header + LANES);
            float d = half(at);
            for (int i = 0; i < LANES; i++) {
                table[i] = header == 4 ? d * levels[i] + half(at + 2) : d * levels[i];
            }
            Nibbles.read(table, data, at + header, sink, block * BLOCK);
        }
    }

    private void bytes(long source, long count, Sink sink, boolean wide) {
        if (!wide) plainBytes(source, count, sink);
        else if (sink.brains()) brainBytes(source, count, sink);
        else floatBytes(source, count, sink);
    }

    private void plainBytes(long source, long count, Sink sink) {
        for (long block = 0; block < count; block++) {
            long at = source + block * format.sizeBytes();
            float d = half(at);
            for (int i = 0; i < BLOCK; i++) sink.put(block * BLOCK + i, d * data.get(BYTE, at + 2 + i));
        }
    }

    private void floatBytes(long source, long count, Sink sink) {
        for (long block = 0; block < count; block++) {
            long at = source + block * format.sizeBytes();
            float d = half(at);
            for (int i = 0; i < BLOCK; i += LANES) {
                signed(at + 2 + i)
                        .mul(d)
                        .intoMemorySegment(sink.memory(), sink.at(block * BLOCK + i), ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private void brainBytes(long source, long count, Sink sink) {
        for (long block = 0; block < count; block++) {
            long at = source + block * format.sizeBytes();
            float d = half(at);
            for (int i = 0; i < BLOCK; i += LANES) {
                BrainFloats.round(signed(at + 2 + i).mul(d))
                        .intoMemorySegment(sink.memory(), sink.at(block * BLOCK + i), ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private FloatVector signed(long at) {
        return (FloatVector) ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    private float half(long at) {
        return Float.float16ToFloat(data.get(SHORT, at));
    }
}
