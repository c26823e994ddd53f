package io.adaptermill.ingest.screen;

import io.adaptermill.schemas.event.RefusalReason;

/// Why one event will not train.
///
/// @param detail which field or limit, in words, without user text
public record Refusal(RefusalReason reason, String detail) {}
