package io.adaptermill.gates.betting;

import java.util.List;

/// What a gambler owns who began with 1 and bet on each number that the mean is above a limit: an e-value.
///
/// If the mean is at most the limit, no strategy makes this larger than 1 on average, so wealth of 1/α
/// happens with chance α at most. The strategy here is the mixture of all constant bets under the arcsine
/// prior: it needs no level and no size of effect beforehand, and its wealth is the same in whatever order
/// the numbers came. The mixture is taken at Chebyshev nodes, where it is exact up to 127 numbers; beyond, it
/// is a finite mixture, as valid.
///
/// `W = 1/G Σ_g Π_i (1 + f_g (x_i − m)/m)`, `f_g = sin²(π(2g − 1)/4G)`, x and m scaled to [0, 1].
///
/// Source: Cover and Ordentlich 1996, "Universal portfolios with side information" (Dirichlet(½) mixture);
/// Orabona and Jun 2024, "Tight concentrations and confidence sequences from the regret of universal
/// portfolio". Checked against an independent quadrature in `WealthTest`.
public final class Wealth {
    /// JSON has no infinity. A smaller e-value is an e-value too.
    public static final double MAX = 1e12;

    static final double[] SHARES = shares(64);
    private static final int STEP_EXPONENT = 512;

    private Wealth() {}

    /// @param values in [-bound, bound]
    /// @param meanMax what the mean is supposed not to exceed, in (-bound, bound)
    /// @return in [0, [#MAX]]
    public static double against(double meanMax, List<Double> values, double bound) {
        double m = (meanMax + bound) / (2 * bound);
        // Nothing lies below the lowest value: such a limit is exceeded by whatever comes.
        if (m <= 0) return MAX;
        double[] odds = values.stream()
                .mapToDouble(v -> ((v + bound) / (2 * bound) - m) / m)
                .toArray();
        double sum = 0;
        for (double share : SHARES) sum += Math.min(MAX * SHARES.length, product(share, odds));
        return Math.min(MAX, sum / SHARES.length);
    }

    /// Long products leave the range of a double; their exponent is kept beside.
    private static double product(double share, double[] odds) {
        double product = 1;
        int exponents = 0;
        for (double each : odds) {
            product *= 1 + share * each;
            if (Math.getExponent(product) > STEP_EXPONENT) {
                product = Math.scalb(product, -STEP_EXPONENT);
                exponents++;
            } else if (Math.getExponent(product) < -STEP_EXPONENT) {
                product = Math.scalb(product, STEP_EXPONENT);
                exponents--;
            }
        }
        return Math.scalb(product, Math.clamp((long) exponents * STEP_EXPONENT, -4_096, 4_096));
    }

    /// In strict arithmetic: the verdict on a record must be the same on every machine.
    private static double[] shares(int count) {
        double[] shares = new double[count];
        for (int g = 1; g <= count; g++) {
            double sine = StrictMath.sin(Math.PI * (2 * g - 1) / (4.0 * count));
            shares[g - 1] = sine * sine;
        }
        return shares;
    }
}
