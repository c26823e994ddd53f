package io.adaptermill.lora.generate;

import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.quant.BlockTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `y = x Wᵀ` straight from GGUF blocks: 32 weights are turned into two registers, used for up to four rows of x, and
/// forgotten. Nothing is written back, which makes it five times as fast as widening first.
///
/// Gives the very bits of [RowProducts]' general way: the same weights, rounded the same, summed in the same order.
/// Needs vectors of 16 floats ([#fits]).
///
/// One constant segment over all of memory is read at absolute addresses inside the tensor: with segments of several
/// kinds in a process the JDK's access methods stop being inlined. A half's float is looked up, because converting it
/// would occupy the port that spreads it over a register.
final class BlockProducts {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final int LANES = 16;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
    private static final MemorySegment MEMORY = everything();
    private static final float[] CODES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final float[] CENTRED = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};
    private static final float[] HALVES = halves();

    private BlockProducts() {}

    static boolean fits() {
        return Lanes.WIDTH == LANES;
    }

    /// Outputs `[from, to)` for all rows.
    ///
    /// @param x `[rows rounded up to 4, K]`
    /// @param y `[rows rounded up to 4, stride]`; rows beyond `rows` are overwritten too
    static void multiply(BlockTensor w, int from, int to, float[] x, int rows, float[] y, int stride, int at) {
        int k = w.columns();
        int blocks = k / BlockTensor.BLOCK;
        int rowBytes = blocks * w.format().sizeBytes();
        long start = w.data().address();
        for (int r = 0; r < rows; r += 4) {
            if (rows - r == 1) {
                for (int n = from; n < to; n++) {
                    y[r * stride + at + n] = one(w.format(), start + (long) n * rowBytes, blocks, x, r * k);
                }
            } else {
                for (int n = from; n < to; n++) {
                    four(w.format(), start + (long) n * rowBytes, blocks, x, r * k, k, y, r * stride + at + n, stride);
                }
            }
        }
    }

    private static float one(BlockTensor.Format format, long w, int blocks, float[] x, int xAt) {
        return switch (format) {
            case Q4_0 -> one4(CENTRED, 2, w, blocks, x, xAt);
            case Q4_1 -> one4(CODES, 4, w, blocks, x, xAt);
            case Q8_0 -> one8(w, blocks, x, xAt);
        };
    }

    private static void four(
            BlockTensor.Format format, long w, int blocks, float[] x, int xAt, int k, float[] y, int yAt, int stride) {
        switch (format) {
            case Q4_0 -> four4(CENTRED, 2, w, blocks, x, xAt, k, y, yAt, stride);
            case Q4_1 -> four4(CODES, 4, w, blocks, x, xAt, k, y, yAt, stride);
            case Q8_0 -> four8(w, blocks, x, xAt, k, y, yAt, stride);
        }
    }

    private static float one4(float[] codes, int header, long w, int blocks, float[] x, int xAt) {
        FloatVector levels = FloatVector.fromArray(FLOATS, codes, 0);
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        for (int b = 0; b < blocks; b++) {
            IntVector table = table(levels, header, w);
            IntVector pairs = pairs(w + header);
            even = low(pairs, table).fma(load(x, xAt), even);
            odd = high(pairs, table).fma(load(x, xAt + LANES), odd);
            w += header + LANES;
            xAt += BlockTensor.BLOCK;
        }
        return Lanes.sum(even.add(odd));
    }

    private static float one8(long w, int blocks, float[] x, int xAt) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        for (int b = 0; b < blocks; b++) {
            float d = half(w);
            even = signed(w + 2).mul(d).fma(load(x, xAt), even);
            odd = signed(w + 2 + LANES).mul(d).fma(load(x, xAt + LANES), odd);
            w += 2 + BlockTensor.BLOCK;
            xAt += BlockTensor.BLOCK;
        }
        return Lanes.sum(even.add(odd));
    }

    private static void four4(
            float[] codes, int header, long w, int blocks, float[] x, int xAt, int k, float[] y, int yAt, int stride) {
        FloatVector levels = FloatVector.fromArray(FLOATS, codes, 0);
        FloatVector e0 = FloatVector.zero(FLOATS);
        FloatVector e1 = e0, e2 = e0, e3 = e0, o0 = e0, o1 = e0, o2 = e0, o3 = e0;
        for (int b = 0; b < blocks; b++) {
            IntVector table = table(levels, header, w);
            IntVector pairs = pairs(w + header);
            FloatVector low = low(pairs, table);
            FloatVector high = high(pairs, table);
            e0 = low.fma(load(x, xAt), e0);
            o0 = high.fma(load(x, xAt + LANES), o0);
            e1 = low.fma(load(x, xAt + k), e1);
            o1 = high.fma(load(x, xAt + k + LANES), o1);
            e2 = low.fma(load(x, xAt + 2 * k), e2);
            o2 = high.fma(load(x, xAt + 2 * k + LANES), o2);
            e3 = low.fma(load(x, xAt + 3 * k), e3);
            o3 = high.fma(load(x, xAt + 3 * k + LANES), o3);
            w += header + LANES;
            xAt += BlockTensor.BLOCK;
        }
        y[yAt] = Lanes.sum(e0.add(o0));
        y[yAt + stride] = Lanes.sum(e1.add(o1));
        y[yAt + 2 * stride] = Lanes.sum(e2.add(o2));
        y[yAt + 3 * stride] = Lanes.sum(e3.add(o3));
    }

    private static void four8(long w, int blocks, float[] x, int xAt, int k, float[] y, int yAt, int stride) {
        FloatVector e0 = FloatVector.zero(FLOATS);
        FloatVector e1 = e0, e2 = e0, e3 = e0, o0 = e0, o1 = e0, o2 = e0, o3 = e0;
        for (int b = 0; b < blocks; b++) {
            float d = half(w);
            FloatVector low = signed(w + 2).mul(d);
            FloatVector high = signed(w + 2 + LANES).mul(d);
            e0 = low.fma(load(x, xAt), e0);
            o0 = high.fma(load(x, xAt + LANES), o0);
            e1 = low.fma(load(x, xAt + k), e1);
            o1 = high.fma(load(x, xAt + k + LANES), o1);
            e2 = low.fma(load(x, xAt + 2 * k), e2);
            o2 = high.fma(load(x, xAt + 2 * k + LANES), o2);
            e3 = low.fma(load(x, xAt + 3 * k), e3);
            o3 = high.fma(load(x, xAt + 3 * k + LANES), o3);
            w += 2 + BlockTensor.BLOCK;
            xAt += BlockTensor.BLOCK;
        }
        y[yAt] = Lanes.sum(e0.add(o0));
        y[yAt + stride] = Lanes.sum(e1.add(o1));
        y[yAt + 2 * stride] = Lanes.sum(e2.add(o2));
        y[yAt + 3 * stride] = Lanes.sum(e3.add(o3));
    }

    /// The 16 values a block's codes stand for: `d · q + m` with two roundings, as the format says; m is absent in
    /// Q4_0.
    private static IntVector table(FloatVector levels, int header, long block) {
        FloatVector scaled = levels.mul(half(block));
        return (header == 4 ? scaled.add(half(block + 2)) : scaled).reinterpretAsInts();
    }

    private static IntVector pairs(long codes) {
        return (IntVector) ByteVector.fromMemorySegment(BYTES, MEMORY, codes, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    private static FloatVector low(IntVector pairs, IntVector table) {
        return pairs.and(15).selectFrom(table).reinterpretAsFloats();
    }

    private static FloatVector high(IntVector pairs, IntVector table) {
        return pairs.lanewise(VectorOperators.LSHR, 4).selectFrom(table).reinterpretAsFloats();
    }

    private static FloatVector signed(long codes) {
        return (FloatVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, codes, ORDER).convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(FLOATS, values, at);
    }

    private static float half(long address) {
        return HALVES[MEMORY.get(SHORT, address) & 0xffff];
    }

    private static float[] halves() {
        float[] floats = new float[1 << 16];
        for (int bits = 0; bits < floats.length; bits++) floats[bits] = Float.float16ToFloat((short) bits);
        return floats;
    }

    @SuppressWarnings("restricted") // every address lies inside a tensor, whose record has checked its size
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
