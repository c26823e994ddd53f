package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A training batch, complete in itself: whoever has this record and the base model can train it again, bit
/// for bit.
///
/// @param parent what training continues from; absent for the bare base model
/// @param seed of every random choice in training
/// @param holdoutThrough sequence number of the tenant's last hold-out example at closing, 0 if none
/// @param tokensEstimated of the items, four characters each
/// @param items new examples; each accepted event is among these of exactly one batch that relearns none
/// @param replayed examples of earlier batches that are trained again beside them; absent if there are none
/// @param relearns the earlier batch whose items these are once more, less those of people who asked to be forgotten;
///     absent for new ones
public record BatchClosed(
        BatchId batch,
        CloseReason reason,
        Optional<AdapterRef> parent,
        Recipe recipe,
        long seed,
        long holdoutThrough,
        int tokensEstimated,
        List<BatchItem> items,
        Optional<List<BatchItem>> replayed,
        Optional<BatchId> relearns)
        implements Event {
    public BatchClosed {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new IllegalArgumentException("batch " + batch + " must have items");
        }
        replayed = replayed.filter(past -> !past.isEmpty()).map(List::copyOf);
        Checks.atLeast("holdoutThrough", holdoutThrough, 0);
        Checks.atLeast("tokensEstimated", tokensEstimated, 0);
    }

    /// Without replay.
    public BatchClosed(
            BatchId batch,
            CloseReason reason,
            Optional<AdapterRef> parent,
            Recipe recipe,
            long seed,
            long holdoutThrough,
            int tokensEstimated,
            List<BatchItem> items) {
        this(batch, reason, parent, recipe, seed, holdoutThrough, tokensEstimated, items, Optional.empty());
    }

    /// Of new examples.
    public BatchClosed(
            BatchId batch,
            CloseReason reason,
            Optional<AdapterRef> parent,
            Recipe recipe,
            long seed,
            long holdoutThrough,
            int tokensEstimated,
            List<BatchItem> items,
            Optional<List<BatchItem>> replayed) {
        this(batch, reason, parent, recipe, seed, holdoutThrough, tokensEstimated, items, replayed, Optional.empty());
    }

    /// The same without some of its examples; absent if no new one is left, since there is no step to take then.
    public Optional<BatchClosed> without(Predicate<BatchItem> forget) {
        List<BatchItem> kept = items.stream().filter(forget.negate()).toList();
        if (kept.isEmpty()) return Optional.empty();
        return Optional.of(new BatchClosed(
                batch,
                reason,
                parent,
                recipe,
                seed,
                holdoutThrough,
                tokensEstimated,
                kept,
                replayed.map(past -> past.stream().filter(forget.negate()).toList()),
                relearns));
    }

    /// What is left of an earlier batch, as the one that closes now: its recipe, its seed and its examples.
    ///
    /// @param goesOnFrom what training continues from now; absent for the bare base model
    public BatchClosed again(BatchId now, Optional<AdapterRef> goesOnFrom, long holdoutThroughNow) {
        return new BatchClosed(
                now,
                reason,
                goesOnFrom,
                recipe,
                seed,
                holdoutThroughNow,
                tokensEstimated,
                items,
                replayed,
                Optional.of(batch));
    }

    /// What is trained on, in this order: the new items, then the replayed ones.
    public Stream<BatchItem> taught() {
        return Stream.concat(items.stream(), replayed.stream().flatMap(List::stream));
    }
}
