package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.EventId;
import java.util.List;

/// What became of a person's request about quarantined feedback.
///
/// @param request id of the request's event
/// @param done events that were released or discarded
/// @param unknown events that are not in quarantine, or not any more
/// @param left events of the tenant that are in quarantine still
public record QuarantineAnswered(EventId request, List<EventId> done, List<EventId> unknown, int left)
        implements Event {
    public QuarantineAnswered {
        done = List.copyOf(done);
        unknown = List.copyOf(unknown);
        Checks.atLeast("left", left, 0);
    }
}
