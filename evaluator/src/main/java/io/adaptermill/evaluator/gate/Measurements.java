package io.adaptermill.evaluator.gate;

import io.adaptermill.schemas.event.Measurement;
import java.util.List;

/// Per-example differences as a measurement with an interval.
public final class Measurements {
    static final String METHOD = "hedged betting confidence sequence";

    private Measurements() {}

    /// @param differences in nats per token, one an example
    /// @param bound differences are clipped to ± this, since an interval without assumptions needs bounded numbers
    public static Measurement of(String name, List<Double> differences, double bound, double alpha) {
        List<Double> clipped = differences.stream()
                .map(value -> Math.clamp(value, -bound, bound))
                .toList();
        BettingInterval.Interval interval = BettingInterval.of(clipped, bound, alpha);
        double mean =
                clipped.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return new Measurement(
                name,
                "nats/token",
                clipped.size(),
                mean,
                interval.lower(),
                interval.upper(),
                1 - alpha,
                METHOD,
                clipped);
    }
}
