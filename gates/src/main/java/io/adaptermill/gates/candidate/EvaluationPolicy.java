package io.adaptermill.gates.candidate;

import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.GateResult.Outcome;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.SeriesTest;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// From differences to a verdict: any failed gate rejects, all passed approve, everything else needs more
/// evidence.
public final class EvaluationPolicy {
    /// Harm is small per token and seen on most examples, a lucky gain is large and seen on few: a tight clip
    /// makes harm visible with a dozen examples, and no gain can pay for it.
    static final double HARM_BOUND = 0.5;

    /// Answers that agree this much less with the wanted ones are other answers.
    static final double AGREEMENT_DROP_MAX = 0.05;

    static final String HOLDOUT = "holdout.improvement";
    static final String EARLIER = "earlier.rise";
    static final String AGREEMENT = "earlier.agreement.drop";
    static final String GOLDEN = "golden.rise";
    static final String STRUCTURE = "structure";

    private static final String NATS = "nats/token";

    private EvaluationPolicy() {}

    /// @param series what the tenant's log says about earlier candidates
    public static Judgement judge(
            Differences differences, GatePolicy policy, VersionId candidate, CandidateSeries series) {
        return again(
                new Differences(
                        Measurements.prepared(differences.holdout(), policy.differenceNatsMax()),
                        Measurements.prepared(negated(differences.earlier()), HARM_BOUND),
                        Measurements.prepared(differences.agreementDrop(), HARM_BOUND),
                        Measurements.prepared(differences.goldenRise(), HARM_BOUND)),
                policy,
                candidate,
                series);
    }

    /// The same verdict again, from the numbers that a verdict carries.
    static Judgement again(Differences prepared, GatePolicy policy, VersionId candidate, CandidateSeries series) {
        double alpha = policy.alpha();
        Measurement holdout = Measurements.of(HOLDOUT, NATS, prepared.holdout(), policy.differenceNatsMax(), alpha);
        Measurement earlier = Measurements.of(EARLIER, NATS, prepared.earlier(), HARM_BOUND, alpha);
        Measurement agreement = Measurements.of(AGREEMENT, "F1", prepared.agreementDrop(), HARM_BOUND, alpha);
        Measurement golden = Measurements.of(GOLDEN, NATS, prepared.goldenRise(), HARM_BOUND, alpha);
        Optional<SeriesTest> test = series.test(candidate, prepared.holdout(), policy);
        List<GateResult> results = List.of(
                new Gate.NoShownHarm("loss on what the champion was approved on", policy.earlierRiseNatsMax())
                        .judge(earlier),
                new Gate.NoShownHarm(
                                "agreement of its answers with those that the champion was approved on: drop",
                                AGREEMENT_DROP_MAX)
                        .judge(agreement),
                new Gate.BoundedRise("general golden set", policy.goldenRiseNatsMax()).judge(golden),
                new Gate.Improvement(policy.improvementNatsMin(), policy.holdoutExamplesMin(), test).judge(holdout));
        return judgement(results, List.of(holdout, earlier, agreement, golden), test);
    }

    /// A candidate that is not what it must be; nothing was measured.
    public static Judgement malformed(String reason) {
        return judgement(List.of(new GateResult(STRUCTURE, Outcome.FAILED, reason)), List.of(), Optional.empty());
    }

    private static Judgement judgement(
            List<GateResult> results, List<Measurement> measurements, Optional<SeriesTest> test) {
        Verdict verdict = verdict(results);
        return new Judgement(verdict, reason(verdict, results), results, measurements, test);
    }

    private static Verdict verdict(List<GateResult> results) {
        if (results.stream().anyMatch(result -> result.outcome() == Outcome.FAILED)) return Verdict.REJECTED;
        return results.stream().allMatch(result -> result.outcome() == Outcome.PASSED)
                ? Verdict.APPROVED
                : Verdict.NEEDS_MORE_EVIDENCE;
    }

    /// The gates that made the verdict speak; all of them when it is a pass.
    private static String reason(Verdict verdict, List<GateResult> results) {
        Outcome telling = switch (verdict) {
            case APPROVED -> Outcome.PASSED;
            case REJECTED -> Outcome.FAILED;
            case NEEDS_MORE_EVIDENCE -> Outcome.INCONCLUSIVE;
        };
        List<GateResult> speaking = new ArrayList<>(results);
        speaking.removeIf(result -> result.outcome() != telling);
        return speaking.reversed().stream().map(GateResult::reason).collect(Collectors.joining("; "));
    }

    private static List<Double> negated(List<Double> values) {
        return values.stream().map(value -> -value).toList();
    }
}
