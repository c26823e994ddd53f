package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;

/// An event with its CloudEvents attributes; the tenant is the record's key.
///
/// @param id unique for this source and tenant; a repeated publication has the same id
/// @param source who published it, such as `/adaptermill/ingest`
/// @param time when it happened, by the publisher's clock
public record Envelope<E extends Event>(TenantId tenant, EventId id, String source, Instant time, E event) {}
