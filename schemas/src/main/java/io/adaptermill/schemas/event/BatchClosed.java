package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A training batch, complete in itself: whoever has this record and the base model can train it again, bit
/// for bit.
///
/// @param parent what training continues from; absent for the bare base model
/// @param seed of every random choice in training
/// @param holdoutThrough sequence number of the tenant's last hold-out example at closing, 0 if none
/// @param tokensEstimated of the items, four characters each
/// @param items new examples; each accepted event is among these of exactly one batch
/// @param replayed examples of earlier batches that are trained again beside them; absent if there are none
public record BatchClosed(
        BatchId batch,
        CloseReason reason,
        Optional<AdapterRef> parent,
        Recipe recipe,
        long seed,
        long holdoutThrough,
        int tokensEstimated,
        List<BatchItem> items,
        Optional<List<BatchItem>> replayed)
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

    /// What is trained on, in this order: the new items, then the replayed ones.
    public Stream<BatchItem> taught() {
        return Stream.concat(items.stream(), replayed.stream().flatMap(List::stream));
    }
}
