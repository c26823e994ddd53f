package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import java.util.Optional;

/// Accepted feedback that will train only if a person releases it. Where it goes then is said by the topics it goes
/// to: a batch, the hold-out, or the refusals.
///
/// @param detail which limit, in words, without user text
/// @param partition of the record in `feedback.received`
/// @param offset of the record in `feedback.received`
public record FeedbackQuarantined(
        EventId event,
        Optional<SubjectId> subject,
        Example example,
        QuarantineReason reason,
        String detail,
        int partition,
        long offset)
        implements Event {
    public FeedbackQuarantined {
        Checks.filled("detail", detail);
        Checks.atLeast("partition", partition, 0);
        Checks.atLeast("offset", offset, 0);
    }
}
