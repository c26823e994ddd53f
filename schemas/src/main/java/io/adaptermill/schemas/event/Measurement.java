package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import java.util.List;

/// A quantity with its uncertainty: what a gate judges by.
///
/// @param name such as `holdout.improvement`
/// @param unit such as `nats/token`
/// @param lower end of the interval at the stated confidence
/// @param upper end of the interval at the stated confidence
/// @param confidence of the interval, such as 0.95
/// @param method how the interval was made
/// @param values the per-example numbers, in order, from which all of this follows
public record Measurement(
        String name,
        String unit,
        int n,
        double mean,
        double lower,
        double upper,
        double confidence,
        String method,
        List<Double> values) {
    public Measurement {
        values = List.copyOf(values);
        Checks.atLeast("n", n, 0);
        Checks.finite("mean", mean);
        Checks.finite("lower", lower);
        Checks.finite("upper", upper);
        if (lower > upper) {
            throw new IllegalArgumentException("lower must not exceed upper, was " + lower + " > " + upper);
        }
        Checks.within("confidence", confidence, 0, 1);
        values.forEach(value -> Checks.finite("values", value));
    }
}
