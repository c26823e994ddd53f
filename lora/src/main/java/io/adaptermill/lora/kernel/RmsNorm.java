package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// `n = w ⊙ x · q`, `q = 1 / √(mean(x²) + ε)`, fused with the addition that comes before it in a block.
///
/// Shapes, T tokens and D model: x, y, n `[T, D]`, w `[D]`, q `[T]`. x, w and q are float32; y and n in the
/// kernels' precision. D must be a multiple of 16.
public final class RmsNorm {
    private static final Lanes FLOATS = Precision.F32.lanes();

    private RmsNorm() {}

    /// `sum = x + y`, `n = norm(sum)`.
    public static void addThenNorm(
            Kernels kernels, Tensor x, Tensor y, Tensor weight, double epsilon, Tensor sum, Tensor q, Tensor n) {
        Lanes lanes = kernels.lanes();
        int width = x.columns();
        kernels.rows().run(x.rows(), 3L * width, (from, to) -> {
            for (int t = from; t < to; t++) {
                add(lanes, x.memory(), y.memory(), sum.memory(), (long) t * width, width);
                normRow(lanes, sum.memory(), weight.memory(), epsilon, q.memory(), n.memory(), t, width);
            }
        });
    }

    /// `n = norm(x)`.
    public static void norm(Kernels kernels, Tensor x, Tensor weight, double epsilon, Tensor q, Tensor n) {
        Lanes lanes = kernels.lanes();
        int width = x.columns();
        kernels.rows().run(x.rows(), 2L * width, (from, to) -> {
            for (int t = from; t < to; t++) {
                normRow(lanes, x.memory(), weight.memory(), epsilon, q.memory(), n.memory(), t, width);
            }
        });
    }

    /// The same `n` from a `q` that is known: cheaper than keeping it from the forward pass.
    public static void again(Kernels kernels, Tensor x, Tensor q, Tensor weight, Tensor n) {
        Lanes lanes = kernels.lanes();
        int width = x.columns();
        kernels.rows().run(x.rows(), 2L * width, (from, to) -> {
            for (int t = from; t < to; t++) {
                scaleRow(lanes, x.memory(), FLOATS.get(q.memory(), t), weight.memory(), n.memory(), t, width);
            }
        });
    }

    /// `sum = x + y`, and the `n` of the sum from a `q` that is known.
    public static void addThenAgain(
            Kernels kernels, Tensor x, Tensor y, Tensor q, Tensor weight, Tensor sum, Tensor n) {
        Lanes lanes = kernels.lanes();
        int width = x.columns();
        kernels.rows().run(x.rows(), 3L * width, (from, to) -> {
            for (int t = from; t < to; t++) {
                add(lanes, x.memory(), y.memory(), sum.memory(), (long) t * width, width);
                scaleRow(lanes, sum.memory(), FLOATS.get(q.memory(), t), weight.memory(), n.memory(), t, width);
            }
        });
    }

    /// `dx += q · (w ⊙ dn − x · q² · mean(w ⊙ dn ⊙ x))`, and a copy of dx in the kernels' precision for the
    /// next product.
    public static void backward(
            Kernels kernels, Tensor dn, Tensor x, Tensor q, Tensor weight, Tensor dx, Tensor dxLow) {
        Lanes lanes = kernels.lanes();
        int width = x.columns();
        kernels.rows().run(x.rows(), 4L * width, (from, to) -> {
            for (int t = from; t < to; t++) {
                float scale = FLOATS.get(q.memory(), t);
                backwardRow(
                        lanes, dn.memory(), x.memory(), scale, weight.memory(), dx.memory(), dxLow.memory(), t, width);
            }
        });
    }

    private static void add(Lanes lanes, MemorySegment x, MemorySegment y, MemorySegment sum, long row, int width) {
        for (int j = 0; j < width; j += WIDTH) {
            FLOATS.store(FLOATS.load(x, row + j).add(lanes.load(y, row + j)), sum, row + j);
        }
    }

    private static void normRow(
            Lanes lanes,
            MemorySegment x,
            MemorySegment w,
            double epsilon,
            MemorySegment q,
            MemorySegment n,
            int t,
            int width) {
        long row = (long) t * width;
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector v = FLOATS.load(x, row + j);
            squares = v.fma(v, squares);
        }
        float scale = (float) (1 / Math.sqrt(Lanes.sum(squares) / width + epsilon));
        FLOATS.set(q, t, scale);
        scaleRow(lanes, x, scale, w, n, t, width);
    }

    private static void scaleRow(
            Lanes lanes, MemorySegment x, float scale, MemorySegment w, MemorySegment n, int t, int width) {
        long row = (long) t * width;
        for (int j = 0; j < width; j += WIDTH) {
            lanes.store(FLOATS.load(x, row + j).mul(scale).mul(FLOATS.load(w, j)), n, row + j);
        }
    }

    private static void backwardRow(
            Lanes lanes,
            MemorySegment dn,
            MemorySegment x,
            float q,
            MemorySegment w,
            MemorySegment dx,
            MemorySegment dxLow,
            int t,
            int width) {
        long row = (long) t * width;
        FloatVector products = FloatVector.zero(SPECIES);
        for (int j = 0; j < width; j += WIDTH) {
            products = lanes.load(dn, row + j).mul(FLOATS.load(w, j)).fma(FLOATS.load(x, row + j), products);
        }
        FloatVector c = FloatVector.broadcast(SPECIES, -Lanes.sum(products) * q * q * q / width);
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector direct = lanes.load(dn, row + j).mul(FLOATS.load(w, j)).mul(q);
            FloatVector total = FLOATS.load(x, row + j).fma(c, direct).add(FLOATS.load(dx, row + j));
            FLOATS.store(total, dx, row + j);
            lanes.store(total, dxLow, row + j);
        }
    }
}
