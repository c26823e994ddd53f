package io.adaptermill.gates.candidate;

import io.adaptermill.schemas.policy.Quantity;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What was measured on each example, by what it measures, in the examples' order.
public record Evidence(Map<Quantity, List<Double>> values) {
    public Evidence {
        EnumMap<Quantity, List<Double>> copy = new EnumMap<>(Quantity.class);
        values.forEach((quantity, numbers) -> copy.put(quantity, List.copyOf(numbers)));
        values = Collections.unmodifiableMap(copy);
    }

    /// Of the standard gates alone.
    ///
    /// @param holdout how much better the candidate is than the champion; above 0 is better
    /// @param earlierRise how much worse, on those examples that the champion was approved on
    /// @param agreementDrop how much less its own answers to those say what was wanted
    /// @param goldenRise how much worse than the bare base model on general prompts
    public static Evidence of(
            List<Double> holdout, List<Double> earlierRise, List<Double> agreementDrop, List<Double> goldenRise) {
        return new Evidence(Map.of(
                Quantity.HOLDOUT_IMPROVEMENT, holdout,
                Quantity.EARLIER_RISE, earlierRise,
                Quantity.EARLIER_AGREEMENT_DROP, agreementDrop,
                Quantity.GOLDEN_RISE, goldenRise));
    }

    /// With another quantity; without it where there is nothing to measure it on.
    public Evidence and(Quantity quantity, List<Double> numbers) {
        if (numbers.isEmpty()) return this;
        Map<Quantity, List<Double>> more = new EnumMap<>(Quantity.class);
        more.putAll(values);
        more.put(quantity, numbers);
        return new Evidence(more);
    }

    public List<Double> of(Quantity quantity) {
        return values.getOrDefault(quantity, List.of());
    }
}
