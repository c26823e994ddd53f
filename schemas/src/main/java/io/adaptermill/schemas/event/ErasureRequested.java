package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.SubjectId;

/// A person asked that what they said be forgotten. What they say afterwards is new, and learned again.
///
/// @param requestedBy who took the request, for the record: a name or a system
/// @param reason in words, such as the request's number
public record ErasureRequested(SubjectId subject, String requestedBy, String reason) implements Event {
    public ErasureRequested {
        Checks.filled("requestedBy", requestedBy);
        Checks.filled("reason", reason);
    }
}
