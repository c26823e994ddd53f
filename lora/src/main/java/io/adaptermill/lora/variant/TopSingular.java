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
    private static void orthonormalise(Tensor tensor) {
        double[][] rows = new double[tensor.rows()][tensor.columns()];
        long at = 0;
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) row[i] = tensor.get(at++);
        }
        for (int r = 0; r < rows.length; r++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int q = 0; q < r; q++) subtract(dot(rows[r], rows[q]), rows[q], rows[r]);
            }
            double norm = Math.sqrt(dot(rows[r], rows[r]));
            double inverse = norm > 0 ? 1 / norm : 0;
            for (int i = 0; i < rows[r].length; i++) rows[r][i] *= inverse;
        }
        at = 0;
        for (double[] row : rows) {
            for (double value : row) tensor.set(at++, (float) value);
        }
    }

    private static void subtract(double factor, double[] from, double[] row) {
        for (int i = 0; i < row.length; i++) row[i] -= factor * from[i];
    }

    /// Four sums side by side, which a processor adds up at once.
    private static double dot(double[] one, double[] two) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < one.length; i += 4) {
            first += one[i] * two[i];
            second += one[i + 1] * two[i + 1];
            third += one[i + 2] * two[i + 2];
            fourth += one[i + 3] * two[i + 3];
        }
        for (; i < one.length; i++) first += one[i] * two[i];
        return (first + second) + (third + fourth);
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
