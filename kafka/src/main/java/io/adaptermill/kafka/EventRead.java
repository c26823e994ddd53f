package io.adaptermill.kafka;

import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;

/// What a record turned out to be.
public sealed interface EventRead<E extends Event> {
    /// The event, if it is one.
    default Optional<Envelope<E>> envelope() {
        return this instanceof Readable<E>(Envelope<E> envelope) ? Optional.of(envelope) : Optional.empty();
    }

    /// An event as its topic promises.
    record Readable<E extends Event>(Envelope<E> value) implements EventRead<E> {}

    /// The tenant's entry was removed; compacted topics only.
    record Removed<E extends Event>(TenantId tenant) implements EventRead<E> {}

    /// Not an event of this topic: dead-letter it, or refuse it where the sender can still be told.
    ///
    /// @param tenant if the key at least was readable
    /// @param id if the header at least was readable
    record Unreadable<E extends Event>(ContractViolation violation, Optional<TenantId> tenant, Optional<EventId> id)
            implements EventRead<E> {}
}
