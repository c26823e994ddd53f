package io.adaptermill.gates.betting;

/// [Wealth] for numbers that are 0 or 1, from their counts alone: a state of two numbers can be looked at for
/// ever.
///
/// Limits lie on a grid of [#CELLS] equal cells, so that the logarithms are taken once and a look takes
/// microseconds.
public final class CountWealth {
    public static final int CELLS = 200;

    /// By limit and share: what a one is worth, and what a zero is worth whatever the limit; logarithms.
    private static final double[][] ONE = ones();
    private static final double[] ZERO = zeros();
    /// More is worth no more.
    private static final double LOG_MAX = StrictMath.log(Wealth.MAX * Wealth.SHARES.length);

    private CountWealth() {}

    /// @param limit the share of ones is supposed not to exceed limit / [#CELLS], with limit in [0, [#CELLS]]
    /// @return in [0, [Wealth#MAX]]; at most 1 on average if so
    public static double against(int limit, long ones, long zeros) {
        if (limit == 0) return ones == 0 ? 1 : Wealth.MAX;
        double sum = 0;
        for (int share = 0; share < ZERO.length; share++) {
            sum += StrictMath.exp(Math.min(LOG_MAX, ones * ONE[limit][share] + zeros * ZERO[share]));
        }
        return Math.min(Wealth.MAX, sum / ZERO.length);
    }

    private static double[][] ones() {
        double[][] logs = new double[CELLS + 1][Wealth.SHARES.length];
        for (int limit = 1; limit <= CELLS; limit++) {
            double m = (double) limit / CELLS;
            for (int share = 0; share < Wealth.SHARES.length; share++) {
                logs[limit][share] = StrictMath.log1p(Wealth.SHARES[share] * (1 - m) / m);
            }
        }
        return logs;
    }

    private static double[] zeros() {
        double[] logs = new double[Wealth.SHARES.length];
        for (int share = 0; share < logs.length; share++) logs[share] = StrictMath.log1p(-Wealth.SHARES[share]);
        return logs;
    }
}
