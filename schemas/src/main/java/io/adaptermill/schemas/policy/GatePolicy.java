package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;

/// What a candidate must show before it may serve.
///
/// @param alpha chance of approving a candidate that is no better than the champion
/// @param holdoutExamplesMin fewer hold-out examples than this never decide
/// @param holdoutExamplesMax the newest so many hold-out examples are scored
/// @param differenceNatsMax per-example loss differences are clipped to ± this before testing, nats per token
/// @param improvementNatsMin the hold-out improvement must be shown to exceed this, nats per token
/// @param earlierRiseNatsMax a candidate shown to lose more than this on the examples its champion was approved on is
///     rejected, nats per token
/// @param goldenRiseNatsMax largest tolerated rise of loss on the general golden set, nats per token
/// @param normMax largest tolerated Frobenius norm of any one update matrix
public record GatePolicy(
        double alpha,
        int holdoutExamplesMin,
        int holdoutExamplesMax,
        double differenceNatsMax,
        double improvementNatsMin,
        double earlierRiseNatsMax,
        double goldenRiseNatsMax,
        double normMax) {
    public static final GatePolicy DEFAULT = new GatePolicy(0.05, 8, 64, 2.0, 0.0, 0.1, 0.2, 1_000);

    public GatePolicy {
        Checks.within("alpha", alpha, 1e-9, 0.5);
        Checks.within("holdoutExamplesMin", holdoutExamplesMin, 1, 10_000);
        Checks.within("holdoutExamplesMax", holdoutExamplesMax, holdoutExamplesMin, 100_000);
        Checks.within("differenceNatsMax", differenceNatsMax, 1e-3, 100);
        Checks.within("improvementNatsMin", improvementNatsMin, -100, 100);
        Checks.within("earlierRiseNatsMax", earlierRiseNatsMax, 0, 100);
        Checks.within("goldenRiseNatsMax", goldenRiseNatsMax, 0, 100);
        Checks.within("normMax", normMax, 1e-6, 1e12);
    }
}
