package io.adaptermill.evaluator.gate;

import io.adaptermill.schemas.event.Measurement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Per-example differences as a measurement with an interval.
public final class Measurements {
    static final String METHOD = "hedged betting confidence sequence";

    private static final long SEED = 1;

    private Measurements() {}

    /// Shuffled by a fixed seed: examples come in the order of time, and an interval that looks after every number must
    /// not take a change over time for a change of the mean.
    ///
    /// @param differences one an example
    /// @param bound differences are clipped to ± this, since an interval without assumptions needs bounded numbers
    public static Measurement of(String name, String unit, List<Double> differences, double bound, double alpha) {
        List<Double> clipped = new ArrayList<>(differences);
        clipped.replaceAll(value -> Math.clamp(value, -bound, bound));
        Collections.shuffle(clipped, new Random(SEED));
        BettingInterval.Interval interval = BettingInterval.of(clipped, bound, alpha);
        double mean =
                clipped.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return new Measurement(
                name, unit, clipped.size(), mean, interval.lower(), interval.upper(), 1 - alpha, METHOD, clipped);
    }
}
