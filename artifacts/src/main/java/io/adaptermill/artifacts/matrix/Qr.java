package io.adaptermill.artifacts.matrix;

/// `M = Q R` with orthonormal columns in Q, by Householder's reflections.
///
/// @param q `[rows, k]`, k the smaller of M's rows and columns
/// @param r `[k, columns]`, upper triangular
public record Qr(Matrix q, Matrix r) {
    public static Qr of(Matrix matrix) {
        int rows = matrix.rows();
        int columns = matrix.columns();
        int count = Math.min(rows, columns);
        double[] work = matrix.transposed().values();
        double[] taus = new double[count];
        for (int k = 0; k < count; k++) taus[k] = eliminate(work, rows, columns, k);
        double[] r = new double[count * columns];
        for (int k = 0; k < count; k++) {
            for (int j = k; j < columns; j++) r[k * columns + j] = work[j * rows + k];
        }
        return new Qr(accumulate(work, taus, rows, count), new Matrix(count, columns, r));
    }

    /// Reflects column k onto its diagonal, applies that to the columns right of it, and leaves the
    /// reflection's tail (its head is 1) below the diagonal.
    private static double eliminate(double[] work, int rows, int columns, int k) {
        int at = k * rows;
        double norm = 0;
        for (int i = k; i < rows; i++) norm = Math.hypot(norm, work[at + i]);
        if (norm == 0) return 0;
        double alpha = work[at + k];
        double beta = alpha > 0 ? -norm : norm;
        for (int i = k + 1; i < rows; i++) work[at + i] /= alpha - beta;
        work[at + k] = beta;
        double tau = (beta - alpha) / beta;
        for (int j = k + 1; j < columns; j++) reflect(work, at, work, j * rows, tau, k, rows);
        return tau;
    }

    private static Matrix accumulate(double[] work, double[] taus, int rows, int count) {
        double[] q = new double[count * rows];
        for (int j = 0; j < count; j++) {
            q[j * rows + j] = 1;
            for (int k = count - 1; k >= 0; k--) reflect(work, k * rows, q, j * rows, taus[k], k, rows);
        }
        return new Matrix(count, rows, q).transposed();
    }

    /// `x ← x - τ v (vᵀ x)` on elements k and below.
    private static void reflect(double[] v, int vAt, double[] x, int xAt, double tau, int k, int rows) {
        if (tau == 0) return;
        double dot = x[xAt + k];
        for (int i = k + 1; i < rows; i++) dot += v[vAt + i] * x[xAt + i];
        dot *= tau;
        x[xAt + k] -= dot;
        for (int i = k + 1; i < rows; i++) x[xAt + i] -= dot * v[vAt + i];
    }
}
