package io.adaptermill.lineage.history;

import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;

/// One version of a chain of parents, with what it learned last.
public record Ancestor(VersionId version, Digest artifact, BatchId batch, List<LearnedEvent> events) {
    public Ancestor {
        events = List.copyOf(events);
    }
}
