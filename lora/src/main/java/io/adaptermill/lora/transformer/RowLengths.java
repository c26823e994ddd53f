package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import org.jspecify.annotations.Nullable;

/// The lengths that DoRA gives the rows of an adapted weight: `y = n ⊙ (x (W + B' A')ᵀ)` with
/// `n = m / ‖W + B' A'‖` row by row.
///
/// The norm counts as a constant in the backward, so `dz = n ⊙ dy` and `dm = Σ dy ⊙ z / ‖W + B' A'‖`, z before the
/// factor. The adapted weight is never formed: `‖w + b A‖² = ‖w‖² + 2 b · (A w) + b (A Aᵀ) bᵀ`. Source: Liu et
/// al. 2024, section 4.3.
final class RowLengths {
    private static final Lanes FLOATS = Precision.F32.lanes();

    private final Tensor a;
    private final Tensor b;
    /// `W A'ᵀ`, `[out, R]`.
    private final Tensor cross;
    /// `A' A'ᵀ`, `[R, R]`.
    private final Tensor gram;
    /// m, and 1 in rows of modules that carry no update.
    private final float[] magnitudes;
    private final boolean[] given;
    private final double[] norms;
    /// n, `[1, out]`.
    private final Tensor factors;
    /// ‖w‖² of the frozen rows, once known.
    private double @Nullable [] frozen;

    /// @param a A', `[R, in]`
    /// @param b B', `[out, R]`
    RowLengths(Tensor a, Tensor b, Workspace memory) {
        this.a = a;
        this.b = b;
        int out = b.rows();
        cross = memory.tensor(a.precision(), out, a.rows());
        gram = memory.tensor(a.precision(), a.rows(), a.rows());
        magnitudes = new float[out];
        given = new boolean[out];
        norms = new double[out];
        factors = memory.tensor(Precision.F32, 1, out);
    }

    void load(Slot slot, int firstRow, Tensor values) {
        for (int o = 0; o < slot.out(); o++) {
            magnitudes[firstRow + o] = FLOATS.get(values.memory(), slot.magnitude() + o);
            given[firstRow + o] = true;
        }
    }

    /// Finds n for the weights as they are now.
    ///
    /// @param weight W, `[out, in]`
    void measure(Kernels kernels, Tensor weight) {
        double[] squares = frozen == null ? squares(kernels, weight) : frozen;
        frozen = squares;
        kernels.products().nt(weight, a, cross);
        kernels.products().nt(a, a, gram);
        int rank = a.rows();
        for (int o = 0; o < norms.length; o++) {
            double sum = squares[o];
            for (int c = 0; c < rank; c++) {
                double left = b.get((long) o * rank + c);
                if (left == 0) continue; // off the diagonal of B'
                double inner = 2.0 * cross.get((long) o * rank + c);
                for (int d = 0; d < rank; d++) inner += gram.get((long) c * rank + d) * b.get((long) o * rank + d);
                sum += left * inner;
            }
            norms[o] = Math.sqrt(sum);
            factors.set(o, given[o] ? (float) (magnitudes[o] / norms[o]) : 1);
        }
    }

    /// @param to `n ⊙ from`, row by row; may not be `from`
    void scale(Kernels kernels, Tensor from, Tensor to) {
        Lanes lanes = kernels.lanes();
        int width = from.columns();
        kernels.rows().run(from.rows(), width, (first, last) -> {
            for (int t = first; t < last; t++) {
                for (int o = 0; o < width; o += Lanes.WIDTH) {
                    long at = (long) t * width + o;
                    var scaled = lanes.load(from.memory(), at).mul(FLOATS.load(factors.memory(), o));
                    lanes.store(scaled, to.memory(), at);
                }
            }
        });
    }

    /// @param z what was scaled
    void addGradient(Slot slot, int firstRow, Tensor dy, Tensor z, Tensor sums) {
        double[] slopes = new double[slot.out()];
        int width = dy.columns();
        for (int t = 0; t < dy.rows(); t++) {
            long at = (long) t * width + firstRow;
            for (int o = 0; o < slopes.length; o++) slopes[o] += (double) dy.get(at + o) * z.get(at + o);
        }
        for (int o = 0; o < slopes.length; o++) {
            long to = slot.at(Part.MAGNITUDE) + o;
            double more = slopes[o] / norms[firstRow + o];
            FLOATS.set(sums.memory(), to, (float) (FLOATS.get(sums.memory(), to) + more));
        }
    }

    private static double[] squares(Kernels kernels, Tensor weight) {
        double[] squares = new double[weight.rows()];
        int width = weight.columns();
        kernels.rows().run(weight.rows(), width, (from, to) -> {
            for (int o = from; o < to; o++) {
                for (long i = (long) o * width; i < (o + 1L) * width; i++) {
                    double value = weight.get(i);
                    squares[o] += value * value;
                }
            }
        });
        return squares;
    }
}
