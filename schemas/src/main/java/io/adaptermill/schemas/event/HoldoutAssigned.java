package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import java.util.Optional;

/// An example kept out of training for good, to judge candidates by.
///
/// @param sequence counted from 1 within the tenant, without gaps
public record HoldoutAssigned(EventId event, long sequence, Optional<SubjectId> subject, Example example)
        implements Event {
    public HoldoutAssigned {
        Checks.atLeast("sequence", sequence, 1);
    }
}
