package io.adaptermill.ingest.erasure;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import java.util.List;
import java.util.Optional;

/// A tenant's way back: the batches that are learned once more after an erasure, one after the other, before any new
/// one. Each goes on from the one before it whatever its gates say, so that the last has the bytes of a version that
/// never saw the person; what serves is the gates' to decide, as always.
///
/// @param erasure id of the event that asked for it
/// @param steps to close yet, the next one first
/// @param parent what the next one goes on from; absent for the bare base model
public record Relearning(EventId erasure, List<SubjectErased.Again> steps, Optional<AdapterRef> parent) {
    public Relearning {
        steps = List.copyOf(steps);
    }

    public boolean awaits(EventId request, BatchId batch) {
        return erasure.equals(request)
                && steps.stream().anyMatch(step -> step.batch().equals(batch));
    }

    public BatchId next() {
        return steps.getFirst().batch();
    }

    /// The next one is closed, or nothing is left of it.
    public Relearning afterStep() {
        return new Relearning(erasure, steps.subList(1, steps.size()), parent);
    }

    public Relearning goingOnFrom(AdapterRef learned) {
        return new Relearning(erasure, steps, Optional.of(learned));
    }
}
