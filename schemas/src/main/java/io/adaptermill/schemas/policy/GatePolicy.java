package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;
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
public record GatePolicy(
        double alpha,
        int holdoutExamplesMin,
        int holdoutExamplesMax,
        double differenceNatsMax,
        double improvementNatsMin,
        double earlierRiseNatsMax,
        double goldenRiseNatsMax,
        double normMax,
        Optional<Approval> approval) {
    public static final GatePolicy DEFAULT = new GatePolicy(0.05, 8, 64, 1.0, 0.0, 0.1, 0.2, 1_000);

    /// With promotions that happen by themselves.
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
    }
}
