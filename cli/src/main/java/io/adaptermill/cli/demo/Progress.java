package io.adaptermill.cli.demo;

import io.adaptermill.cli.promises.Evidence;
import io.adaptermill.schemas.event.PromotionOutcome;

/// How far a journey is: pure, from the topics.
final class Progress {
    private Progress() {}

    /// Whether nothing is under way any more: every event has its place, every batch its result, every result its
    /// decision, and every promotion serves.
    static boolean settled(Evidence evidence, int sent) {
        return evidence.received().size() >= sent
                && placed(evidence) >= evidence.received().size()
                && results(evidence) >= evidence.batches().size()
                && evidence.decided().size() >= evidence.trained().size()
                && evidence.swapped().size() >= promotions(evidence);
    }

    static int placed(Evidence evidence) {
        int batched = evidence.batches().stream()
                .mapToInt(entry -> entry.event().items().size())
                .sum();
        return batched
                + evidence.heldOut().size()
                + evidence.waitingForPeople().size()
                + evidence.refused().size();
    }

    static int promotions(Evidence evidence) {
        return (int) evidence.decided().stream()
                .filter(entry -> entry.event().outcome() == PromotionOutcome.PROMOTED)
                .count();
    }

    private static int results(Evidence evidence) {
        return evidence.trained().size() + evidence.failed().size();
    }

    /// What is still under way, in words.
    static String waitingFor(Evidence evidence, int sent) {
        return "received " + evidence.received().size() + "/" + sent + ", placed " + placed(evidence) + ", batches "
                + evidence.batches().size() + ", results " + results(evidence) + ", decisions "
                + evidence.decided().size() + ", promotions " + promotions(evidence) + ", swaps "
                + evidence.swapped().size();
    }
}
