package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.Svd;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.optim.CounterRandom;

/// The largest singular triplets of a matrix by block power iteration with a few vectors more than wanted, in
/// float32 by torch: fast enough for every linear of a model, and what is off is held by the residual pair. Source:
/// Halko, Martinsson, Tropp 2011, algorithm 4.4.
final class TopSingular {
    private static final int EXTRA = 8;
    private static final int ROUNDS = 24;

    private TopSingular() {}

    /// @param weight `[out, in]` float32
    /// @return `√S Vᵀ` and `U √S`, largest first; their product is the best approximation of that rank
    static LowRank of(Tensor weight, int rank, Kernels kernels, Workspace memory) {
        int out = weight.rows();
        int in = weight.columns();
        int block = Math.min(rank + EXTRA, Math.min(out, in));
        Tensor right = memory.tensor(Precision.F32, block, in);
        Tensor left = memory.tensor(Precision.F32, out, block);
        CounterRandom random = new CounterRandom(0, "power iteration");
        for (long i = 0; i < right.elements(); i++) right.set(i, random.symmetric(i));
        for (int round = 0; round < ROUNDS; round++) {
            orthonormalise(right);
            kernels.products().nt(weight, right, left);
            kernels.products().tn(left, weight, right);
        }
        orthonormalise(right);
        kernels.products().nt(weight, right, left);
        return factors(right, Svd.of(Matrix.of(rows(left))), rank);
    }

    /// Rows, by Gram and Schmidt, twice for the sake of rounding.
    private static void orthonormalise(Tensor rows) {
        int width = rows.columns();
        for (int r = 0; r < rows.rows(); r++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int q = 0; q < r; q++) {
                    double overlap = dot(rows, r, q);
                    for (int i = 0; i < width; i++) {
                        long at = (long) r * width + i;
                        rows.set(at, (float) (rows.get(at) - overlap * rows.get((long) q * width + i)));
                    }
                }
            }
            double norm = Math.sqrt(dot(rows, r, r));
            float inverse = norm > 0 ? (float) (1 / norm) : 0;
            for (int i = 0; i < width; i++) {
                long at = (long) r * width + i;
                rows.set(at, rows.get(at) * inverse);
            }
        }
    }

    private static double dot(Tensor rows, int p, int q) {
        int width = rows.columns();
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += (double) rows.get((long) p * width + i) * rows.get((long) q * width + i);
        }
        return sum;
    }

    private static FloatTensor rows(Tensor tensor) {
        return new FloatTensor(tensor.rows(), tensor.columns(), tensor.toArray());
    }

    /// With `W rightᵀ = U S Zᵀ`: `Vᵀ = Zᵀ right`.
    private static LowRank factors(Tensor right, Svd svd, int rank) {
        int in = right.columns();
        int out = svd.u().rows();
        float[] a = new float[rank * in];
        float[] b = new float[out * rank];
        for (int c = 0; c < Math.min(rank, right.rows()); c++) {
            double root = Math.sqrt(svd.s()[c]);
            for (int i = 0; i < in; i++) {
                double sum = 0;
                for (int p = 0; p < right.rows(); p++) sum += svd.v().at(p, c) * right.get((long) p * in + i);
                a[c * in + i] = (float) (root * sum);
            }
            for (int o = 0; o < out; o++)
                b[o * rank + c] = (float) (root * svd.u().at(o, c));
        }
        return new LowRank(new FloatTensor(rank, in, a), new FloatTensor(out, rank, b));
    }
}
