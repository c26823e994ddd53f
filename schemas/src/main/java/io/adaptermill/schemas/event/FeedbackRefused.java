package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.EventId;

/// Accepted feedback that will not train, and why.
///
/// @param detail which field or limit, in words, without user text
/// @param partition of the refused record in `feedback.received`
/// @param offset of the refused record in `feedback.received`
public record FeedbackRefused(
        EventId event, RefusalReason reason, String detail, String nextStep, int partition, long offset)
        implements Event {
    public FeedbackRefused {
        Checks.filled("detail", detail);
        Checks.filled("nextStep", nextStep);
        Checks.atLeast("partition", partition, 0);
        Checks.atLeast("offset", offset, 0);
    }
}
