package io.adaptermill.cli.promises;

import java.util.List;

/// The promises of the journey, checked in its order.
public final class Promises {
    private Promises() {}

    public static List<Promise> check(Evidence evidence) {
        return List.of(
                FeedbackPromises.nothingAcknowledgedIsLost(evidence),
                FeedbackPromises.everyEventHasOnePlace(evidence),
                TrainingPromises.everyBatchHasOneResult(evidence),
                PromotionPromises.everyPromotionWasApproved(evidence),
                PromotionPromises.theChainOfChampionsIsUnbroken(evidence),
                PromotionPromises.servingFollowsThePromotions(evidence),
                AnswerPromises.noRequestFailed(evidence),
                AnswerPromises.onlyApprovedVersionsAnswered(evidence));
    }
}
