package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// RMSNorm of single heads inside packed rows of qkv: `n = w ⊙ x · r`, `r = 1 / √(mean(x²) + ε)` for each.
///
/// Shapes, T tokens, d width of a head, all heads h of a row: x, n, dn `[T, h·d]`, w `[d]` float32, d a multiple
/// of 16. Which weight a head has, the caller says; r is computed anew in the backward.
public final class HeadNorm {
    private static final Lanes FLOATS = Precision.F32.lanes();

    private HeadNorm() {}

    /// Heads of one row that share a weight.
    ///
    /// @param first head of the row
    /// @param count how many
    /// @param weight `[d]` float32
    public record Span(int first, int count, Tensor weight) {}

    /// `n = norm(x)` in the span's heads; others are left as they are.
    public static void forward(Kernels kernels, Span span, double epsilon, Tensor x, Tensor n) {
        Lanes lanes = kernels.lanes();
        int width = span.weight().columns();
        kernels.rows().run(x.rows(), 2L * span.count() * width, (from, to) -> {
            for (long t = from; t < to; t++) {
                for (int head = 0; head < span.count(); head++) {
                    long at = t * x.columns() + (long) (span.first() + head) * width;
                    norm(lanes, x.memory(), at, span.weight().memory(), width, epsilon, n.memory());
                }
            }
        });
    }

    /// `dx = r · (w ⊙ dn − x · r² · mean(w ⊙ dn ⊙ x))`, in place of dn.
    public static void backward(Kernels kernels, Span span, double epsilon, Tensor x, Tensor dn) {
        Lanes lanes = kernels.lanes();
        int width = span.weight().columns();
        kernels.rows().run(x.rows(), 4L * span.count() * width, (from, to) -> {
            for (long t = from; t < to; t++) {
                for (int head = 0; head < span.count(); head++) {
                    long at = t * x.columns() + (long) (span.first() + head) * width;
                    gradient(lanes, x.memory(), at, span.weight().memory(), width, epsilon, dn.memory());
                }
            }
        });
    }

    private static void norm(
            Lanes lanes, MemorySegment x, long at, MemorySegment w, int width, double epsilon, MemorySegment n) {
        float r = scale(lanes, x, at, width, epsilon);
        for (int j = 0; j < width; j += WIDTH) {
            lanes.store(lanes.load(x, at + j).mul(r).mul(FLOATS.load(w, j)), n, at + j);
        }
    }

    private static void gradient(
            Lanes lanes, MemorySegment x, long at, MemorySegment w, int width, double epsilon, MemorySegment dn) {
        float r = scale(lanes, x, at, width, epsilon);
        FloatVector products = FloatVector.zero(SPECIES);
        for (int j = 0; j < width; j += WIDTH) {
            products = lanes.load(dn, at + j).mul(FLOATS.load(w, j)).fma(lanes.load(x, at + j), products);
        }
        FloatVector c = FloatVector.broadcast(SPECIES, -Lanes.sum(products) * r * r * r / width);
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector direct = lanes.load(dn, at + j).mul(FLOATS.load(w, j)).mul(r);
            lanes.store(lanes.load(x, at + j).fma(c, direct), dn, at + j);
        }
    }

    private static float scale(Lanes lanes, MemorySegment x, long at, int width, double epsilon) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int j = 0; j < width; j += WIDTH) {
            FloatVector v = lanes.load(x, at + j);
            squares = v.fma(v, squares);
        }
        return (float) (1 / Math.sqrt(Lanes.sum(squares) / width + epsilon));
    }
}
