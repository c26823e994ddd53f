package io.adaptermill.ingest.batch;

import io.adaptermill.schemas.id.BatchId;
import java.time.Instant;

/// A batch that was closed and not yet decided on.
public record InFlight(BatchId batch, Instant since) {}
