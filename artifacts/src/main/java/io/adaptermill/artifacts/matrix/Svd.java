package io.adaptermill.artifacts.matrix;

import java.util.Comparator;
import java.util.stream.IntStream;

/// `M = U diag(s) Vᵀ`, singular values falling, by one-sided Jacobi rotations.
///
/// Slower than bidiagonalisation on large matrices and more exact on small ones: even tiny singular values
/// keep their digits. Pairs are rotated in one fixed order, so the same matrix gives the same bits. The
/// sign of each pair of vectors is fixed by making the largest component of V's column positive. Source:
/// Demmel, Veselić 1992. Checked against numpy in `MatrixGoldenTest`.
///
/// @param u `[rows, k]`, k the smaller of M's rows and columns; columns of vanishing singular values are
///   zero
/// @param s `[k]`
/// @param v `[columns, k]`
@SuppressWarnings("ArrayRecordComponent") // values of a decomposition, read once
public record Svd(Matrix u, double[] s, Matrix v) {
    private static final int SWEEPS_MAX = 60;
    private static final double ORTHOGONAL = 1e-15;

    public static Svd of(Matrix matrix) {
        if (matrix.rows() < matrix.columns()) {
            Svd turned = of(matrix.transposed());
            return new Svd(turned.v, turned.s, turned.u).withFixedSigns();
        }
        Qr qr = Qr.of(matrix);
        int n = matrix.columns();
        double[] columns = qr.r().transposed().values();
        double[] rotations = Matrix.diagonal(ones(n)).values();
        for (int sweep = 0; sweep < SWEEPS_MAX && rotateAll(columns, rotations, n); sweep++) {}
        return sorted(qr.q(), columns, rotations, n).withFixedSigns();
    }

    /// The part with the largest singular values, at most `rank` of them.
    public Svd truncated(int rank) {
        int kept = Math.min(rank, s.length);
        return new Svd(u.leftColumns(kept), java.util.Arrays.copyOf(s, kept), v.leftColumns(kept));
    }

    public Matrix product() {
        return u.times(Matrix.diagonal(s)).times(v.transposed());
    }

    /// Rows of `columns` are the matrix's columns. Returns whether anything had to be rotated.
    private static boolean rotateAll(double[] columns, double[] rotations, int n) {
        boolean rotated = false;
        for (int p = 0; p < n - 1; p++) {
            for (int q = p + 1; q < n; q++) {
                double alpha = dot(columns, p, p, n);
                double beta = dot(columns, q, q, n);
                double gamma = dot(columns, p, q, n);
                if (Math.abs(gamma) <= ORTHOGONAL * Math.sqrt(alpha * beta)) continue;
                rotated = true;
                double zeta = (beta - alpha) / (2 * gamma);
                double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
                double c = 1 / Math.hypot(1, t);
                rotate(columns, p, q, n, c, c * t);
                rotate(rotations, p, q, n, c, c * t);
            }
        }
        return rotated;
    }

    private static void rotate(double[] rows, int p, int q, int n, double c, double s) {
        for (int i = 0; i < n; i++) {
            double x = rows[p * n + i];
            double y = rows[q * n + i];
            rows[p * n + i] = c * x - s * y;
            rows[q * n + i] = s * x + c * y;
        }
    }

    private static Svd sorted(Matrix q, double[] columns, double[] rotations, int n) {
        double[] norms = new double[n];
        for (int j = 0; j < n; j++) norms[j] = Math.sqrt(dot(columns, j, j, n));
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer j) -> -norms[j]))
                .mapToInt(Integer::intValue)
                .toArray();
        Matrix left = Matrix.zeros(n, n);
        Matrix v = Matrix.zeros(n, n);
        double[] s = new double[n];
        for (int j = 0; j < n; j++) {
            s[j] = norms[order[j]];
            for (int i = 0; i < n; i++) {
                left.values()[i * n + j] = s[j] == 0 ? 0 : columns[order[j] * n + i] / s[j];
                v.values()[i * n + j] = rotations[order[j] * n + i];
            }
        }
        return new Svd(q.times(left), s, v);
    }

    private Svd withFixedSigns() {
        for (int j = 0; j < s.length; j++) {
            int largest = 0;
            for (int i = 1; i < v.rows(); i++) {
                if (Math.abs(v.at(i, j)) > Math.abs(v.at(largest, j))) largest = i;
            }
            if (v.at(largest, j) >= 0) continue;
            negate(v, j);
            negate(u, j);
        }
        return this;
    }

    private static void negate(Matrix matrix, int column) {
        for (int i = 0; i < matrix.rows(); i++) matrix.values()[i * matrix.columns() + column] *= -1;
    }

    private static double dot(double[] rows, int p, int q, int n) {
        double dot = 0;
        for (int i = 0; i < n; i++) dot += rows[p * n + i] * rows[q * n + i];
        return dot;
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }
}
