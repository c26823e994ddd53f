package io.adaptermill.lora.generate;

import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.RowPool;
import io.adaptermill.lora.quant.BlockTensor;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `y = x Wᵀ` in float32 for a weight that stays in its 4 bits.
///
/// Shapes, R rows, K columns and N outputs: x `[R, K]`, W `[N, K]`, y `[R, N]`; K a multiple of 16. GGUF
/// blocks go straight into registers ([BlockProducts]). Other storages are widened a few rows of W at a
/// time, into a scratch that fits the first-level cache. Either way W never exists in more than 4 bits as a
/// whole.
///
/// Every y is summed in one fixed order, whatever R is and however many threads share N. So an answer does
/// not depend, to the last bit, on what else is in the batch.
final class RowProducts {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;
    private static final int WIDTH = Lanes.WIDTH;
    /// Outputs widened at once: a multiple of 4.
    private static final int PANEL = 8;

    private final RowPool pool;
    /// Native, because the compiler turns vector stores into a float[] behind a segment into single, boxed ones.
    private final ThreadLocal<MemorySegment> scratch;

    RowProducts(RowPool pool, int columnsMax) {
        this.pool = pool;
        this.scratch = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(4L * PANEL * columnsMax, 64));
    }

    /// @param x with room for R rounded up to a multiple of 4
    /// @param y overwritten at `[r * stride + at, … + N)` for each row r, and for those that round R up
    void multiply(FrozenTensor w, float[] x, int rows, float[] y, int stride, int at) {
        int k = w.columns();
        if (w instanceof BlockTensor blocks && BlockProducts.fits()) {
            pool.run(
                    w.rows(),
                    (long) rows * k,
                    (from, to) -> BlockProducts.multiply(blocks, from, to, x, rows, y, stride, at));
        } else {
            multiplyWidened(w, x, rows, y, stride, at);
        }
    }

    /// The general way, for any storage and any machine.
    void multiplyWidened(FrozenTensor w, float[] x, int rows, float[] y, int stride, int at) {
        int k = w.columns();
        pool.run(w.rows(), (long) rows * k, (from, to) -> {
            MemorySegment panel = scratch.get();
            for (int n = from; n < to; n += PANEL) {
                int outputs = Math.min(PANEL, to - n);
                w.readFloats(n, n + outputs, panel, 0);
                multiplyPanel(panel, outputs, x, rows, k, y, stride, at + n);
            }
        });
    }

    private static void multiplyPanel(
            MemorySegment panel, int outputs, float[] x, int rows, int k, float[] y, int stride, int at) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            int n = 0;
            for (; n + 2 <= outputs; n += 2) twoByFour(panel, n * k, x, r * k, k, y, r * stride + at + n, stride);
            for (; n < outputs; n++) {
                for (int i = 0; i < 4; i++) y[(r + i) * stride + at + n] = dot(panel, n * k, x, (r + i) * k, k);
            }
        }
        for (; r < rows; r++) {
            int n = 0;
            for (; n + 4 <= outputs; n += 4) fourByOne(panel, n * k, x, r * k, k, y, r * stride + at + n);
            for (; n < outputs; n++) y[r * stride + at + n] = dot(panel, n * k, x, r * k, k);
        }
    }

    /// The order of every sum here: even and odd vectors apart, then both added, then the lanes by halving.
    private static float dot(MemorySegment w, int wAt, float[] x, int xAt, int k) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        int i = 0;
        for (; i + 2 * WIDTH <= k; i += 2 * WIDTH) {
            even = weights(w, wAt + i).fma(load(x, xAt + i), even);
            odd = weights(w, wAt + i + WIDTH).fma(load(x, xAt + i + WIDTH), odd);
        }
        if (i < k) even = weights(w, wAt + i).fma(load(x, xAt + i), even);
        return Lanes.sum(even.add(odd));
    }

    /// The same sum of two arrays.
    static float dot(float[] w, int wAt, float[] x, int xAt, int k) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        int i = 0;
        for (; i + 2 * WIDTH <= k; i += 2 * WIDTH) {
            even = load(w, wAt + i).fma(load(x, xAt + i), even);
            odd = load(w, wAt + i + WIDTH).fma(load(x, xAt + i + WIDTH), odd);
        }
        if (i < k) even = load(w, wAt + i).fma(load(x, xAt + i), even);
        return Lanes.sum(even.add(odd));
    }

    private static void fourByOne(MemorySegment w, int wAt, float[] x, int xAt, int k, float[] y, int yAt) {
        FloatVector even0 = FloatVector.zero(SPECIES);
        FloatVector even1 = even0, even2 = even0, even3 = even0;
        FloatVector odd0 = even0, odd1 = even0, odd2 = even0, odd3 = even0;
        int i = 0;
        for (; i + 2 * WIDTH <= k; i += 2 * WIDTH) {
            FloatVector xe = load(x, xAt + i);
            FloatVector xo = load(x, xAt + i + WIDTH);
            even0 = weights(w, wAt + i).fma(xe, even0);
            odd0 = weights(w, wAt + i + WIDTH).fma(xo, odd0);
            even1 = weights(w, wAt + k + i).fma(xe, even1);
            odd1 = weights(w, wAt + k + i + WIDTH).fma(xo, odd1);
            even2 = weights(w, wAt + 2 * k + i).fma(xe, even2);
            odd2 = weights(w, wAt + 2 * k + i + WIDTH).fma(xo, odd2);
            even3 = weights(w, wAt + 3 * k + i).fma(xe, even3);
            odd3 = weights(w, wAt + 3 * k + i + WIDTH).fma(xo, odd3);
        }
        if (i < k) {
            FloatVector xe = load(x, xAt + i);
            even0 = weights(w, wAt + i).fma(xe, even0);
            even1 = weights(w, wAt + k + i).fma(xe, even1);
            even2 = weights(w, wAt + 2 * k + i).fma(xe, even2);
            even3 = weights(w, wAt + 3 * k + i).fma(xe, even3);
        }
        y[yAt] = Lanes.sum(even0.add(odd0));
        y[yAt + 1] = Lanes.sum(even1.add(odd1));
        y[yAt + 2] = Lanes.sum(even2.add(odd2));
        y[yAt + 3] = Lanes.sum(even3.add(odd3));
    }

    private static void twoByFour(MemorySegment w, int wAt, float[] x, int xAt, int k, float[] y, int yAt, int stride) {
        FloatVector e00 = FloatVector.zero(SPECIES);
        FloatVector e01 = e00, e02 = e00, e03 = e00, e10 = e00, e11 = e00, e12 = e00, e13 = e00;
        FloatVector o00 = e00, o01 = e00, o02 = e00, o03 = e00, o10 = e00, o11 = e00, o12 = e00, o13 = e00;
        int i = 0;
        for (; i + 2 * WIDTH <= k; i += 2 * WIDTH) {
            FloatVector w0 = weights(w, wAt + i);
            FloatVector w1 = weights(w, wAt + k + i);
            FloatVector v = load(x, xAt + i);
            e00 = w0.fma(v, e00);
            e10 = w1.fma(v, e10);
            v = load(x, xAt + k + i);
            e01 = w0.fma(v, e01);
            e11 = w1.fma(v, e11);
            v = load(x, xAt + 2 * k + i);
            e02 = w0.fma(v, e02);
            e12 = w1.fma(v, e12);
            v = load(x, xAt + 3 * k + i);
            e03 = w0.fma(v, e03);
            e13 = w1.fma(v, e13);
            w0 = weights(w, wAt + i + WIDTH);
            w1 = weights(w, wAt + k + i + WIDTH);
            v = load(x, xAt + i + WIDTH);
            o00 = w0.fma(v, o00);
            o10 = w1.fma(v, o10);
            v = load(x, xAt + k + i + WIDTH);
            o01 = w0.fma(v, o01);
            o11 = w1.fma(v, o11);
            v = load(x, xAt + 2 * k + i + WIDTH);
            o02 = w0.fma(v, o02);
            o12 = w1.fma(v, o12);
            v = load(x, xAt + 3 * k + i + WIDTH);
            o03 = w0.fma(v, o03);
            o13 = w1.fma(v, o13);
        }
        if (i < k) {
            FloatVector w0 = weights(w, wAt + i);
            FloatVector w1 = weights(w, wAt + k + i);
            e00 = w0.fma(load(x, xAt + i), e00);
            e10 = w1.fma(load(x, xAt + i), e10);
            e01 = w0.fma(load(x, xAt + k + i), e01);
            e11 = w1.fma(load(x, xAt + k + i), e11);
            e02 = w0.fma(load(x, xAt + 2 * k + i), e02);
            e12 = w1.fma(load(x, xAt + 2 * k + i), e12);
            e03 = w0.fma(load(x, xAt + 3 * k + i), e03);
            e13 = w1.fma(load(x, xAt + 3 * k + i), e13);
        }
        y[yAt] = Lanes.sum(e00.add(o00));
        y[yAt + 1] = Lanes.sum(e10.add(o10));
        y[yAt + stride] = Lanes.sum(e01.add(o01));
        y[yAt + stride + 1] = Lanes.sum(e11.add(o11));
        y[yAt + 2 * stride] = Lanes.sum(e02.add(o02));
        y[yAt + 2 * stride + 1] = Lanes.sum(e12.add(o12));
        y[yAt + 3 * stride] = Lanes.sum(e03.add(o03));
        y[yAt + 3 * stride + 1] = Lanes.sum(e13.add(o13));
    }

    private static FloatVector weights(MemorySegment panel, int at) {
        return FloatVector.fromMemorySegment(SPECIES, panel, 4L * at, ByteOrder.LITTLE_ENDIAN);
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(SPECIES, values, at);
    }
}
