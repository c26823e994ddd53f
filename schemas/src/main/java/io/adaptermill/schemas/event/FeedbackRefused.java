package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.EventId;

/// Accepted feedback that will not train, and why.
///
/// @param detail which field or limit, in words, without user text
/// @param partition of the refused record in `feedback.received`
/// @param offset of the refused record in `feedback.received`
public record FeedbackRefused(
        EventId event, RefusalReason reason, String detail, String nextStep, int partition, long offset)
        implements Event {}
