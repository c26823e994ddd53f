package io.adaptermill.artifacts.matrix;

/// The largest singular values of a whole weight's update, without the rest: subspace iteration from a
/// fixed random start.
///
/// Iterates until the energy it has caught no longer grows by more than a part in 10¹⁰, so the low-rank
/// matrix it gives is as near to the original as the best one, up to that. Small matrices are decomposed
/// whole. Source: Halko, Martinsson, Tropp 2011, §4.5.
public final class LeadingSvd {
    private static final int WHOLE_MAX = 160;
    private static final int OVERSAMPLED = 8;
    private static final int ITERATIONS_MAX = 200;
    private static final double GROWTH_MIN = 1e-10;

    private LeadingSvd() {}

    public static Svd of(Matrix matrix, int rank) {
        int smaller = Math.min(matrix.rows(), matrix.columns());
        int width = Math.min(smaller, 2 * rank + OVERSAMPLED);
        if (smaller <= WHOLE_MAX || width * 3 > smaller) return Svd.of(matrix).truncated(rank);
        Matrix basis = Qr.of(matrix.times(start(matrix.columns(), width))).q();
        double caught = 0;
        for (int i = 0; i < ITERATIONS_MAX; i++) {
            Matrix right = Qr.of(matrix.transposedTimes(basis)).q();
            Matrix image = matrix.times(right);
            Svd small = Svd.of(image);
            double energy = energy(small.s(), rank);
            basis = small.u();
            if (energy - caught <= GROWTH_MIN * energy) {
                return new Svd(basis, small.s(), right.times(small.v())).truncated(rank);
            }
            caught = energy;
        }
        Svd small = Svd.of(basis.transposedTimes(matrix));
        return new Svd(basis.times(small.u()), small.s(), small.v()).truncated(rank);
    }

    private static double energy(double[] s, int rank) {
        double energy = 0;
        for (int i = 0; i < Math.min(rank, s.length); i++) energy += s[i] * s[i];
        return energy;
    }

    private static Matrix start(int rows, int columns) {
        SeededBits bits = new SeededBits(0, "leading svd");
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = 2 * bits.unit(i) - 1;
        return new Matrix(rows, columns, values);
    }
}
