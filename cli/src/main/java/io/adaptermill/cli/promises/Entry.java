package io.adaptermill.cli.promises;

import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;

/// One record of a topic: the event and where it lies.
public record Entry<E extends Event>(Envelope<E> envelope, int partition, long offset) {
    public TenantId tenant() {
        return envelope.tenant();
    }

    public Instant time() {
        return envelope.time();
    }

    public E event() {
        return envelope.event();
    }
}
