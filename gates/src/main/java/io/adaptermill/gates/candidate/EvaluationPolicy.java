package io.adaptermill.gates.candidate;

import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.GateResult.Outcome;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.SeriesTest;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.GateRule;
import io.adaptermill.schemas.policy.Quantity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// From what was measured to a verdict, by the policy's rule: one that passes approves, one that fails rejects,
/// everything else needs more evidence.
public final class EvaluationPolicy {
    private static final String STRUCTURE = "structure";
    private static final String SAFETY = "safety.";

    private EvaluationPolicy() {}

    /// @param series what the tenant's log says about earlier candidates
    public static Judgement judge(Evidence evidence, GatePolicy policy, VersionId candidate, CandidateSeries series) {
        return again(Measurements.prepared(evidence, policy), policy, candidate, series);
    }

    /// The same verdict again, from the numbers that a verdict carries.
    static Judgement again(Evidence prepared, GatePolicy policy, VersionId candidate, CandidateSeries series) {
        Map<Quantity, Measurement> measured = new EnumMap<>(Quantity.class);
        prepared.values()
                .forEach((quantity, numbers) -> measured.put(quantity, Measurements.of(quantity, numbers, policy)));
        Optional<SeriesTest> test = series.test(candidate, prepared.of(Quantity.HOLDOUT_IMPROVEMENT), policy);
        RuleJudge.Judged judged =
                new RuleJudge(measured, policy, test).judge(policy.rule().orElse(GateRule.DEFAULT));
        return judgement(judged, List.copyOf(measured.values()), test);
    }

    /// A candidate that is not what it must be; nothing was measured.
    public static Judgement malformed(String reason) {
        GateResult result = new GateResult(STRUCTURE, Outcome.FAILED, reason);
        return judgement(new RuleJudge.Judged(Outcome.FAILED, List.of(result)), List.of(), Optional.empty());
    }

    private static Judgement judgement(
            RuleJudge.Judged judged, List<Measurement> measurements, Optional<SeriesTest> test) {
        Verdict verdict = switch (judged.outcome()) {
            case PASSED -> Verdict.APPROVED;
            case FAILED -> Verdict.REJECTED;
            case INCONCLUSIVE -> Verdict.NEEDS_MORE_EVIDENCE;
        };
        return new Judgement(verdict, reason(judged), judged.gates(), measurements, test);
    }

    /// The conditions that made the verdict speak; on a pass all of them, but for safety probes that found nothing.
    private static String reason(RuleJudge.Judged judged) {
        List<GateResult> speaking = new ArrayList<>(judged.gates());
        speaking.removeIf(result -> result.outcome() != judged.outcome());
        speaking.removeIf(
                result -> result.outcome() == Outcome.PASSED && result.gate().startsWith(SAFETY));
        return speaking.reversed().stream().map(GateResult::reason).collect(Collectors.joining("; "));
    }
}
