package io.adaptermill.cli.promises;

import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;

/// An event for which ingest answered 202: from then on it must not be lost.
public record Acknowledged(TenantId tenant, EventId event) {}
