package io.adaptermill.cli.rebuild;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// How a version is trained without some of what it learned: the same batches, recipes and seeds, fewer
/// examples.
///
/// @param checkpoint the youngest ancestor that learned none of it and is stored; absent for the bare base
///     model
/// @param batches to train on it, the oldest first; what is left of them
/// @param forgotten how many examples were left out
public record Retraining(Optional<AdapterRef> checkpoint, List<BatchClosed> batches, int forgotten) {
    public Retraining {
        batches = List.copyOf(batches);
    }

    /// @param whole the version's plan from the bare base model
    /// @param forget what it shall never have seen
    /// @param lost batches that lost examples since they were trained, because those were erased
    /// @param inStore whether an artifact is there to go on from
    public static Retraining of(
            RebuildPlan whole, Predicate<BatchItem> forget, Set<BatchId> lost, Predicate<Digest> inStore) {
        if (whole.checkpoint().isPresent()) {
            throw new IllegalArgumentException("a plan must begin at the bare base model, begins at "
                    + whole.checkpoint().get().version());
        }
        List<RebuildPlan.Step> steps = whole.steps();
        int clean = 0;
        while (clean < steps.size() && isClean(steps.get(clean).batch(), forget, lost)) clean++;
        int start = clean;
        while (start > 0 && !inStore.test(steps.get(start - 1).logged().artifact())) start--;

        List<BatchClosed> batches = steps.subList(start, steps.size()).stream()
                .map(RebuildPlan.Step::batch)
                .flatMap(batch -> batch.without(forget).stream())
                .toList();
        long forgotten = steps.stream()
                .flatMap(step -> step.batch().taught())
                .filter(forget)
                .count();
        return new Retraining(
                start == 0
                        ? Optional.empty()
                        : Optional.of(steps.get(start - 1).logged().ref()),
                batches,
                Math.toIntExact(forgotten));
    }

    private static boolean isClean(BatchClosed batch, Predicate<BatchItem> forget, Set<BatchId> lost) {
        return !lost.contains(batch.batch()) && batch.taught().noneMatch(forget);
    }

    /// The batch as it continues from another parent.
    static BatchClosed after(BatchClosed batch, Optional<AdapterRef> parent) {
        return new BatchClosed(
                batch.batch(),
                batch.reason(),
                parent,
                batch.recipe(),
                batch.seed(),
                batch.holdoutThrough(),
                batch.tokensEstimated(),
                batch.items(),
                batch.replayed(),
                batch.relearns());
    }
}
