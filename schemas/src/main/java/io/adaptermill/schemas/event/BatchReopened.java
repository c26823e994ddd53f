package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import java.util.Optional;

/// A batch that is learned once more, because what it gave also learned from somebody who asked to be forgotten.
///
/// @param erasure id of the event that asked for the erasure
/// @param left what is left of it; absent if that is nothing
public record BatchReopened(EventId erasure, BatchId batch, Optional<BatchClosed> left) implements Event {
    public BatchReopened {
        left.filter(some -> !some.batch().equals(batch)).ifPresent(other -> {
            throw new IllegalArgumentException("left must be of batch " + batch + ", was of " + other.batch());
        });
    }
}
