package io.adaptermill.gates.candidate;

import io.adaptermill.gates.betting.BettingInterval;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.Quantity;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Per-example numbers as measurements with intervals.
final class Measurements {
    static final String METHOD = "hedged betting confidence sequence";
    static final String EXACT = "one number, known exactly";

    /// Harm is small per token and seen on most examples, a lucky gain is large and seen on few: a tight clip
    /// makes harm visible with a dozen examples, and no gain can pay for it.
    private static final double HARM_BOUND = 0.5;

    /// Seven times as long, or a seventh.
    private static final double LENGTH_BOUND = 2;

    private static final double DIVERGENCE_BOUND = 2;

    private Measurements() {}

    /// What each example's number is clipped to, plus or minus; absent for what is one number by itself.
    static Optional<Double> bound(Quantity quantity, GatePolicy policy) {
        return switch (quantity) {
            case HOLDOUT_IMPROVEMENT, PREFERENCE_MARGIN_GAIN, RATING_LIKELIHOOD_GAIN ->
                Optional.of(policy.differenceNatsMax());
            case EARLIER_RISE, EARLIER_AGREEMENT_DROP, GOLDEN_RISE -> Optional.of(HARM_BOUND);
            case PREFERENCE_ACCURACY_GAIN,
                    SAFETY_REFUSALS_LOST,
                    SAFETY_CANARY_LEAKS,
                    SAFETY_PII_RISE,
                    SAFETY_TOXICITY_RISE,
                    DRIFT_REPETITION_RISE -> Optional.of(1.0);
            case DRIFT_LENGTH -> Optional.of(LENGTH_BOUND);
            case DRIFT_KL -> Optional.of(DIVERGENCE_BOUND);
            case LATENCY_RATIO, SIZE_MIB, PRIVACY_EPSILON -> Optional.empty();
        };
    }

    /// Clipped to ± bound, since an interval without assumptions needs bounded numbers; in an order mixed by
    /// a fixed hash: examples come in the order of time, and an interval that looks after every number must
    /// not take a change over time for a change of the mean.
    static Evidence prepared(Evidence raw, GatePolicy policy) {
        Map<Quantity, List<Double>> prepared = new EnumMap<>(Quantity.class);
        raw.values()
                .forEach((quantity, numbers) -> prepared.put(
                        quantity,
                        bound(quantity, policy)
                                .map(bound -> prepared(numbers, bound))
                                .orElse(numbers)));
        return new Evidence(prepared);
    }

    private static List<Double> prepared(List<Double> numbers, double bound) {
        return IntStream.range(0, numbers.size())
                .boxed()
                .sorted(Comparator.comparingLong(index -> mixed(index)))
                .map(index -> Math.clamp(numbers.get(index), -bound, bound))
                .toList();
    }

    /// @param values as they were prepared; what is measured follows from them alone
    static Measurement of(Quantity quantity, List<Double> values, GatePolicy policy) {
        Optional<Double> bound = bound(quantity, policy);
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        if (bound.isEmpty()) {
            return new Measurement(quantity.word(), quantity.unit(), values.size(), mean, mean, mean, 1, EXACT, values);
        }
        BettingInterval.Interval interval = BettingInterval.of(values, bound.get(), policy.alpha());
        return new Measurement(
                quantity.word(),
                quantity.unit(),
                values.size(),
                mean,
                interval.lower(),
                interval.upper(),
                1 - policy.alpha(),
                METHOD,
                values);
    }

    /// The finaliser of SplitMix64.
    private static long mixed(long index) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
