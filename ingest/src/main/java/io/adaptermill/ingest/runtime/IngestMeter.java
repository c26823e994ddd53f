package io.adaptermill.ingest.runtime;

import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.RefusalReason;

/// Told what the topology decides, for people and dashboards. Called on the tasks' threads; an aborted transaction's
/// calls are repeated.
public interface IngestMeter {
    void refused(RefusalReason reason);

    void quarantined(QuarantineReason reason);

    void heldOut();

    void closed(BatchClosed batch);

    void deadLettered();
}
