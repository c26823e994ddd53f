package io.adaptermill.lora.quant;

import static io.adaptermill.lora.quant.BrainFloats.BYTE;
import static io.adaptermill.lora.quant.BrainFloats.FLOATS;
import static io.adaptermill.lora.quant.BrainFloats.INTS;
import static io.adaptermill.lora.quant.BrainFloats.SHORT;
import static io.adaptermill.lora.quant.GroupLayout.GROUP;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// A weight in the GGUF file's own blocks where 16 values cannot stand for a block's weights: codes of five or
/// six bits, or groups with scales of their own.
///
/// Weight = scale of its group · (code − centre) − minimum of its group, product and difference rounded one
/// after the other. Every bit agrees with the Python `gguf` package: `ModelFilesGoldenTest`.
///
/// @param format how a block is stored
/// @param data the blocks, row-major; a row is `columns / format.weights()` of them
public record GroupedTensor(int rows, int columns, Format format, MemorySegment data) implements QuantisedTensor {
    private static final IntVector LANE = IntVector.zero(INTS).addIndex(1);

    /// How a block is stored; each begins or ends with one or two float16.
    public enum Format {
        /// `d`, 32 high bits, 16 bytes of low halves: weight `d · (q − 16)`.
        Q5_0(22, GroupLayout.small(2, 16), GroupScales.one(), 0),
        /// `d`, `m`, 32 high bits, 16 bytes of low halves: weight `d · q + m`.
        Q5_1(24, GroupLayout.small(4, 0), GroupScales.oneWithMinimum(), 0, 2),
        /// 256 weights: `d`, `dmin`, 8 pairs of 6-bit scales, 128 bytes of codes.
        Q4_K(144, GroupLayout.runsOf32(16, 16, 0), GroupScales.packedSixBits(), 0, 2),
        /// The same with 32 bytes of high bits before the codes.
        Q5_K(176, GroupLayout.runsOf32(48, 16, 1), GroupScales.packedSixBits(), 0, 2),
        /// 256 weights: 128 bytes of low halves, 64 of high bits, 16 signed scales, `d`.
        Q6_K(210, GroupLayout.halvesOf128(0, 128), GroupScales.signedBytes(192), 208);

        private final int sizeBytes;
        private final GroupLayout layout;
        private final GroupScales scales;
        private final List<Integer> halves;

        Format(int sizeBytes, GroupLayout layout, GroupScales scales, Integer... halves) {
            this.sizeBytes = sizeBytes;
            this.layout = layout;
            this.scales = scales;
            this.halves = List.of(halves);
        }

        public int sizeBytes() {
            return sizeBytes;
        }

        /// Weights in one block.
        public int weights() {
            return layout.groups() * GROUP;
        }

        /// Where in a block its float16 are.
        public List<Integer> halves() {
            return halves;
        }
    }

    public GroupedTensor {
        if (columns % format.weights() != 0) {
            throw new IllegalArgumentException(
                    "columns must be a multiple of " + format.weights() + ", was " + columns);
        }
        long expected = (long) rows * (columns / format.weights()) * format.sizeBytes();
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
        int blocks = columns / format.weights();
        float[] scales = new float[format.layout.groups()];
        float[] minima = new float[format.layout.groups()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment scratch = arena.allocate(4L * format.weights(), 64);
            for (long block = 0; block < (long) (to - from) * blocks; block++) {
                long source = ((long) from * blocks + block) * format.sizeBytes();
                long element = block * format.weights();
                format.scales.read(data, source, scales, minima);
                if (!wide) {
                    plain(source, scales, minima, sink, element);
                } else if (sink.brains()) {
                    floats(source, scales, minima, scratch, 0);
                    sink.round(scratch, element, format.weights());
                } else {
                    floats(source, scales, minima, sink.memory(), sink.at(element));
                }
            }
        }
    }

    private void floats(long block, float[] scales, float[] minima, MemorySegment out, long at) {
        if (format.layout.highBits() == 0) lowAlone(block, scales, minima, out, at);
        else if (format.layout.bitwise()) lowAndBits(block, scales, minima, out, at);
        else lowAndBytes(block, scales, minima, out, at);
    }

    private void plain(long block, float[] scales, float[] minima, Sink sink, long element) {
        for (int group = 0; group < scales.length; group++) {
            for (int i = 0; i < GROUP; i++) {
                float weight = scales[group] * code(block, group, i) - minima[group];
                sink.put(element + (long) group * GROUP + i, weight);
            }
        }
    }

    /// A loop of its own for each kind of high bits: one that chose among vectors inside put them on the heap.
    private void lowAlone(long block, float[] scales, float[] minima, MemorySegment out, long at) {
        for (int group = 0; group < scales.length; group++) {
            put(low(block, group), scales[group], minima[group], out, at + 4L * group * GROUP);
        }
    }

    private void lowAndBits(long block, float[] scales, float[] minima, MemorySegment out, long at) {
        int centre = format.layout.centre();
        for (int group = 0; group < scales.length; group++) {
            short bits = data.get(SHORT, block + format.layout.high()[group]);
            IntVector high = IntVector.broadcast(INTS, bits)
                    .lanewise(VectorOperators.LSHR, LANE)
                    .and(1);
            IntVector codes =
                    high.lanewise(VectorOperators.LSHL, 4).or(low(block, group)).sub(centre);
            put(codes, scales[group], minima[group], out, at + 4L * group * GROUP);
        }
    }

    private void lowAndBytes(long block, float[] scales, float[] minima, MemorySegment out, long at) {
        GroupLayout layout = format.layout;
        int mask = (1 << layout.highBits()) - 1;
        for (int group = 0; group < scales.length; group++) {
            IntVector high = bytes(block + layout.high()[group])
                    .lanewise(VectorOperators.LSHR, layout.highShift()[group])
                    .and(mask);
            IntVector codes =
                    high.lanewise(VectorOperators.LSHL, 4).or(low(block, group)).sub(layout.centre());
            put(codes, scales[group], minima[group], out, at + 4L * group * GROUP);
        }
    }

    private static void put(IntVector codes, float scale, float minimum, MemorySegment out, long at) {
        FloatVector numbers = (FloatVector) codes.convertShape(VectorOperators.I2F, FLOATS, 0);
        numbers.mul(scale).sub(minimum).intoMemorySegment(out, at, ByteOrder.LITTLE_ENDIAN);
    }

    private IntVector low(long block, int group) {
        return bytes(block + format.layout.low()[group])
                .lanewise(VectorOperators.LSHR, format.layout.lowShift()[group])
                .and(15);
    }

    private IntVector bytes(long at) {
        return (IntVector) ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    private int code(long block, int group, int i) {
        GroupLayout layout = format.layout;
        int low = data.get(BYTE, block + layout.low()[group] + i) >> layout.lowShift()[group] & 15;
        if (layout.highBits() == 0) return low;
        int high = layout.bitwise()
                ? data.get(SHORT, block + layout.high()[group]) >> i
                : data.get(BYTE, block + layout.high()[group] + i) >> layout.highShift()[group];
        return ((high & (1 << layout.highBits()) - 1) << 4 | low) - layout.centre();
    }
}
