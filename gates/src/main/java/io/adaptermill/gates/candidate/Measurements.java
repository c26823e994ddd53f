package io.adaptermill.gates.candidate;

import io.adaptermill.gates.betting.BettingInterval;
import io.adaptermill.schemas.event.Measurement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Per-example differences as a measurement with an interval.
final class Measurements {
    static final String METHOD = "hedged betting confidence sequence";

    private Measurements() {}

    /// Clipped to ± bound, since an interval without assumptions needs bounded numbers; in an order mixed by
    /// a fixed hash: examples come in the order of time, and an interval that looks after every number must
    /// not take a change over time for a change of the mean.
    static List<Double> prepared(List<Double> differences, double bound) {
        return IntStream.range(0, differences.size())
                .boxed()
                .sorted(Comparator.comparingLong(index -> mixed(index)))
                .map(index -> Math.clamp(differences.get(index), -bound, bound))
                .toList();
    }

    /// @param values as they were prepared; what is measured follows from them alone
    static Measurement of(String name, String unit, List<Double> values, double bound, double alpha) {
        BettingInterval.Interval interval = BettingInterval.of(values, bound, alpha);
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return new Measurement(
                name, unit, values.size(), mean, interval.lower(), interval.upper(), 1 - alpha, METHOD, values);
    }

    /// The finaliser of SplitMix64.
    private static long mixed(long index) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
