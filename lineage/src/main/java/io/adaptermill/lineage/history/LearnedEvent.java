package io.adaptermill.lineage.history;

import io.adaptermill.schemas.id.EventId;
import java.util.Optional;

/// One feedback event of a batch.
///
/// @param judged absent if the feedback carried its own text, or `feedback.received` has forgotten it
public record LearnedEvent(EventId event, Optional<JudgedAnswer> judged) {}
