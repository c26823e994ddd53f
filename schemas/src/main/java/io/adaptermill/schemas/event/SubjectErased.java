package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;

/// Nobody can read what a person said any more, and these versions must not serve: they learned from it, or went on
/// from one that did.
///
/// @param request id of the event that asked for it
/// @param holdoutThrough sequence number of the tenant's last hold-out example, 0 if none: theirs up to here judge
///     nothing any more
/// @param versions that must not serve, the oldest first; some may not be trained yet
/// @param head what training goes on from; absent for the bare base model
/// @param again batches that are learned once more without the person, in this order
public record SubjectErased(
        EventId request,
        SubjectId subject,
        long holdoutThrough,
        List<VersionId> versions,
        Optional<AdapterRef> head,
        List<Again> again)
        implements Event {
    public SubjectErased {
        Checks.atLeast("holdoutThrough", holdoutThrough, 0);
        versions = List.copyOf(versions);
        again = List.copyOf(again);
    }

    /// One of those batches.
    ///
    /// @param closedAtMillis timestamp of its record, to find it by
    public record Again(BatchId batch, long closedAtMillis) {
        public Again {
            Checks.atLeast("closedAtMillis", closedAtMillis, 0);
        }
    }
}
