package io.adaptermill.lineage.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.id.BatchId;

/// Where a feedback event went: into exactly one of these.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "where")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Whereabouts.InBatch.class, name = "batch"),
    @JsonSubTypes.Type(value = Whereabouts.HeldOut.class, name = "holdout"),
    @JsonSubTypes.Type(value = Whereabouts.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Whereabouts.Quarantined.class, name = "quarantine"),
    @JsonSubTypes.Type(value = Whereabouts.Waiting.class, name = "waiting"),
})
public sealed interface Whereabouts {
    record InBatch(BatchId batch) implements Whereabouts {}

    /// Never trains; measures candidates.
    record HeldOut(long sequence) implements Whereabouts {}

    record Refused(RefusalReason reason, String detail) implements Whereabouts {}

    /// Waits for a person to release or discard it.
    record Quarantined(QuarantineReason reason, String detail) implements Whereabouts {}

    /// Received, and in no batch yet.
    record Waiting() implements Whereabouts {}
}
