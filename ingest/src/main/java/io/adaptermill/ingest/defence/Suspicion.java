package io.adaptermill.ingest.defence;

import io.adaptermill.schemas.event.QuarantineReason;

/// Why one event is quarantined.
///
/// @param detail which limit, in words, without user text
public record Suspicion(QuarantineReason reason, String detail) {}
