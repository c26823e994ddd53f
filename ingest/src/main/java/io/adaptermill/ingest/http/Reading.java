package io.adaptermill.ingest.http;

import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import java.util.Optional;

/// What one handed-in event turned out to be.
sealed interface Reading {
    record Accepted(Envelope<FeedbackReceived> envelope) implements Reading {}

    /// @param id as the sender wrote it, so that they find the event again
    record Refused(Optional<String> id, Rejected rejected) implements Reading {}
}
