package io.adaptermill.ingest.store;

import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;

/// Feedback that waits for the answer it judges: both travel through topics of their own, and either may come first.
///
/// @param partition of its record in `feedback.received`
/// @param offset of its record in `feedback.received`
public record Waiting(
        TenantId tenant,
        InferenceId inference,
        EventId event,
        FeedbackReceived received,
        Instant since,
        int partition,
        long offset) {
    /// Ids have no spaces, so no two of them make the same key.
    String key() {
        return prefix(tenant, inference) + event;
    }

    static String prefix(TenantId tenant, InferenceId inference) {
        return tenant + " " + inference + " ";
    }
}
