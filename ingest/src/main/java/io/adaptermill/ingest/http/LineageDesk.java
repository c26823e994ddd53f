package io.adaptermill.ingest.http;

import io.adaptermill.ingest.IngestConfig;
import io.adaptermill.lineage.LineageFollower;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Optional;

/// Follows lineage from the first question on: who never asks pays nothing for it.
@Singleton
public final class LineageDesk {
    private final IngestConfig config;
    private Optional<LineageFollower> follower = Optional.empty();

    LineageDesk(IngestConfig config) {
        this.config = config;
    }

    /// @return absent while what is there is still being read
    synchronized Optional<LineageFollower> open() {
        if (follower.isEmpty()) follower = Optional.of(new LineageFollower(config.kafka(), config.sealKey()));
        return follower.filter(LineageFollower::isCaughtUp);
    }

    @PreDestroy
    synchronized void close() {
        follower.ifPresent(LineageFollower::close);
    }
}
