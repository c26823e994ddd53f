package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;
import java.util.List;
import java.util.Optional;

/// What a candidate must show before it may serve.
///
/// @param alpha largest expected share of false approvals among all approvals of the tenant's endless series
///     of candidates; if no candidate ever is better, the chance that any is approved
/// @param holdoutExamplesMin fewer hold-out examples than this never decide
/// @param holdoutExamplesMax the newest so many hold-out examples are scored
/// @param differenceNatsMax per-example loss differences are clipped to ± this before testing, nats per token
/// @param improvementNatsMin the hold-out improvement must be shown to exceed this, nats per token
/// @param earlierRiseNatsMax a candidate shown to lose more than this on the examples its champion was
///     approved on is rejected, nats per token
/// @param goldenRiseNatsMax largest tolerated rise of loss on the general golden set, nats per token
/// @param normMax largest tolerated Frobenius norm of any one update matrix
/// @param approval who lets an approved candidate serve; absent, as automatic is written: nobody need
/// @param rule how measurements make a verdict; absent, as the standard rule is written
/// @param canaries strings that no answer may hold; absent for none
/// @param rollout how an approved candidate comes to serve; absent, as immediate is written: at once
public record GatePolicy(
        double alpha,
        int holdoutExamplesMin,
        int holdoutExamplesMax,
        double differenceNatsMax,
        double improvementNatsMin,
        double earlierRiseNatsMax,
        double goldenRiseNatsMax,
        double normMax,
        Optional<Approval> approval,
        Optional<GateRule> rule,
        Optional<List<Canary>> canaries,
        Optional<Rollout> rollout) {
    private static final int CANARIES_MAX = 16;

    public static final GatePolicy DEFAULT = new GatePolicy(0.05, 8, 64, 1.0, 0.0, 0.1, 0.2, 1_000);

    /// With promotions that happen by themselves, at once.
    public GatePolicy(
            double alpha,
            int holdoutExamplesMin,
            int holdoutExamplesMax,
            double differenceNatsMax,
            double improvementNatsMin,
            double earlierRiseNatsMax,
            double goldenRiseNatsMax,
            double normMax) {
        this(
                alpha,
                holdoutExamplesMin,
                holdoutExamplesMax,
                differenceNatsMax,
                improvementNatsMin,
                earlierRiseNatsMax,
                goldenRiseNatsMax,
                normMax,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public GatePolicy {
        Checks.within("alpha", alpha, 1e-9, 0.5);
        Checks.within("holdoutExamplesMin", holdoutExamplesMin, 1, 10_000);
        Checks.within("holdoutExamplesMax", holdoutExamplesMax, holdoutExamplesMin, 100_000);
        Checks.within("differenceNatsMax", differenceNatsMax, 1e-3, 100);
        Checks.within("improvementNatsMin", improvementNatsMin, -100, 100);
        Checks.within("earlierRiseNatsMax", earlierRiseNatsMax, 0, 100);
        Checks.within("goldenRiseNatsMax", goldenRiseNatsMax, 0, 100);
        Checks.within("normMax", normMax, 1e-6, 1e12);
        approval = approval.filter(who -> who != Approval.AUTOMATIC);
        rollout = rollout.filter(how -> !how.equals(Rollout.DEFAULT));
        rule = rule.filter(own -> !own.equals(GateRule.DEFAULT));
        rule.ifPresent(GatePolicy::check);
        canaries = canaries.filter(some -> !some.isEmpty()).map(List::copyOf);
        Checks.within("number of canaries", canaries.map(List::size).orElse(0), 0, CANARIES_MAX);
    }

    public GatePolicy withApproval(Approval who) {
        return withParts(Optional.of(who), rule, canaries, rollout);
    }

    public GatePolicy withRule(GateRule own) {
        return withParts(approval, Optional.of(own), canaries, rollout);
    }

    public GatePolicy withCanaries(List<Canary> some) {
        return withParts(approval, rule, Optional.of(some), rollout);
    }

    public GatePolicy withRollout(Rollout how) {
        return withParts(approval, rule, canaries, Optional.of(how));
    }

    private GatePolicy withParts(
            Optional<Approval> otherApproval,
            Optional<GateRule> otherRule,
            Optional<List<Canary>> otherCanaries,
            Optional<Rollout> otherRollout) {
        return new GatePolicy(
                alpha,
                holdoutExamplesMin,
                holdoutExamplesMax,
                differenceNatsMax,
                improvementNatsMin,
                earlierRiseNatsMax,
                goldenRiseNatsMax,
                normMax,
                otherApproval,
                otherRule,
                otherCanaries,
                otherRollout);
    }

    private static void check(GateRule rule) {
        Checks.within("depth of rule", rule.depth(), 1, GateRule.DEPTH_MAX);
        if (!rule.asksForImprovement()) {
            throw new IllegalArgumentException("rule must ask for improvement or standard on every way to an approval:"
                    + " alpha promises nothing about candidates that pass without it");
        }
    }
}
