package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.store.Waiting;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;

/// Which feedback event something came from, and where it lay.
record Source(TenantId tenant, EventId event, int partition, long offset) {
    static Source of(Waiting waiting) {
        return new Source(waiting.tenant(), waiting.event(), waiting.partition(), waiting.offset());
    }

    static Source of(TenantId tenant, WaitingItem item) {
        return new Source(tenant, item.item().event(), item.partition(), item.offset());
    }

    Waiting waitingFor(InferenceId inference, FeedbackReceived received, Instant now) {
        return new Waiting(tenant, inference, event, received, now, partition, offset);
    }
}
