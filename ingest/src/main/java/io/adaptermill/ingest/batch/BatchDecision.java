package io.adaptermill.ingest.batch;

import io.adaptermill.schemas.event.CloseReason;

/// What becomes of a tenant's open batch now.
public sealed interface BatchDecision {
    record KeepOpen() implements BatchDecision {}

    record Close(CloseReason reason) implements BatchDecision {}
}
