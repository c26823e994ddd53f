package io.adaptermill.gates.candidate;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.policy.Quantity;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A recorded verdict, judged again from what the log holds and nothing else.
public sealed interface Replayed {
    /// The same verdict, gate by gate and digit by digit.
    record Same() implements Replayed {}

    /// Another one.
    ///
    /// @param what differs, recorded and now
    record Differs(String what) implements Replayed {}

    /// It carries no policy: it is from before verdicts did.
    record TooOld() implements Replayed {}

    /// @param before the tenant's series as the verdicts before this one leave it
    static Replayed of(AdapterEvaluated recorded, CandidateSeries before) {
        if (recorded.measurements().isEmpty()) return unmeasured(recorded);
        return recorded.policy()
                .map(policy -> compared(
                        recorded, EvaluationPolicy.again(numbers(recorded), policy, recorded.version(), before)))
                .orElseGet(TooOld::new);
    }

    /// A malformed candidate was not measured, and must have been rejected.
    private static Replayed unmeasured(AdapterEvaluated recorded) {
        return recorded.verdict() == Verdict.REJECTED && recorded.test().isEmpty()
                ? new Same()
                : new Differs("verdict " + recorded.verdict() + " without a measurement");
    }

    private static Replayed compared(AdapterEvaluated recorded, Judgement now) {
        if (now.verdict() != recorded.verdict()) return differs("verdict", recorded.verdict(), now.verdict());
        if (!now.test().equals(recorded.test())) return differs("test", recorded.test(), now.test());
        if (!now.gates().equals(recorded.gates())) return differs("gates", recorded.gates(), now.gates());
        if (!now.measurements().equals(recorded.measurements())) {
            return differs("measurements", recorded.measurements(), now.measurements());
        }
        return now.reason().equals(recorded.reason()) ? new Same() : differs("reason", recorded.reason(), now.reason());
    }

    private static Replayed differs(String what, Object recorded, Object now) {
        return new Differs(what + " was " + recorded + ", is " + now);
    }

    /// What a later version measures, and this one does not know, is left out, and so differs.
    private static Evidence numbers(AdapterEvaluated recorded) {
        Map<Quantity, List<Double>> numbers = new EnumMap<>(Quantity.class);
        for (Quantity quantity : Quantity.values()) {
            recorded.measurements().stream()
                    .filter(measurement -> measurement.name().equals(quantity.word()))
                    .forEach(measurement -> numbers.put(quantity, measurement.values()));
        }
        return new Evidence(numbers);
    }
}
