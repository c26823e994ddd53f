package io.adaptermill.gates.betting;

import java.util.List;

/// A confidence interval for the mean of bounded numbers, valid at every sample size and after every look.
///
/// For each possible mean m a gambler bets, by a rule that knows only the past, that the numbers are above m,
/// and another that they are below. If m is the truth neither can expect to grow rich, so every m at which
/// the hedged capital has ever reached 1/α is ruled out; the interval is what remains. No normality, no
/// minimum sample, no penalty for looking again.
///
/// Source: Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting", hedged
/// capital with predictable plug-in bets. Checked against an independent script in `BettingIntervalTest`.
public final class BettingInterval {
    private static final int GRID = 2_000;
    /// The largest share of its capital that a bet may lose; the source's c.
    private static final double SHARE_MAX = 0.75;

    private BettingInterval() {}

    public record Interval(double lower, double upper) {}

    /// @param values in [-bound, bound], in the order in which they were seen
    /// @param alpha chance that the interval ever misses the mean
    public static Interval of(List<Double> values, double bound, double alpha) {
        double[] x = values.stream().mapToDouble(v -> (v + bound) / (2 * bound)).toArray();
        double[] bets = bets(x, alpha);
        int low = 0;
        while (low < GRID && isRuledOut((low + 0.5) / GRID, x, bets, alpha)) low++;
        int high = GRID;
        while (high > low && isRuledOut((high - 0.5) / GRID, x, bets, alpha)) high--;
        return new Interval(2 * bound * low / GRID - bound, 2 * bound * high / GRID - bound);
    }

    /// Bet i from the numbers before i alone.
    private static double[] bets(double[] x, double alpha) {
        double[] bets = new double[x.length];
        double sum = 0.5;
        double squares = 0.25;
        for (int i = 0; i < x.length; i++) {
            double variance = squares / (i + 1);
            bets[i] = Math.sqrt(2 * StrictMath.log(2 / alpha) / (variance * (i + 1) * StrictMath.log(i + 2)));
            sum += x[i];
            double mean = sum / (i + 2);
            squares += (x[i] - mean) * (x[i] - mean);
        }
        return bets;
    }

    private static boolean isRuledOut(double m, double[] x, double[] bets, double alpha) {
        double up = 1;
        double down = 1;
        for (int i = 0; i < x.length; i++) {
            up *= 1 + Math.min(bets[i], SHARE_MAX / m) * (x[i] - m);
            down *= 1 - Math.min(bets[i], SHARE_MAX / (1 - m)) * (x[i] - m);
            if (Math.max(up, down) / 2 >= 1 / alpha) return true;
        }
        return false;
    }
}
