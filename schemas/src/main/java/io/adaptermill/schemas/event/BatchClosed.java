package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;

/// A training batch, complete in itself: whoever has this record and the base model can train it again, bit for bit.
///
/// @param parent what training continues from; absent for the bare base model
/// @param seed of every random choice in training
/// @param holdoutThrough sequence number of the tenant's last hold-out example at closing, 0 if none
/// @param tokensEstimated four characters each
public record BatchClosed(
        BatchId batch,
        CloseReason reason,
        Optional<AdapterRef> parent,
        Recipe recipe,
        long seed,
        long holdoutThrough,
        int tokensEstimated,
        List<BatchItem> items)
        implements Event {
    public BatchClosed {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new IllegalArgumentException("batch " + batch + " must have items");
        }
        Checks.atLeast("holdoutThrough", holdoutThrough, 0);
        Checks.atLeast("tokensEstimated", tokensEstimated, 0);
    }
}
