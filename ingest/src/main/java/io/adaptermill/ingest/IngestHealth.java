package io.adaptermill.ingest;

import io.adaptermill.ingest.runtime.Policies;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.apache.kafka.streams.KafkaStreams;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// Ready when the topology runs, so that what is taken in also goes on; alive unless it stopped for good.
@Singleton
final class IngestHealth {
    private final KafkaStreams streams;
    private final Policies policies;
    private final Archive archive;

    IngestHealth(KafkaStreams streams, Policies policies, Archive archive) {
        this.streams = streams;
        this.archive = archive;
        this.policies = policies;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("feedback is screened and batched")
                .status(streams.state() == KafkaStreams.State.RUNNING)
                .withData("state", streams.state().toString())
                .withData("tenants", policies.count())
                .build();
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive() {
        KafkaStreams.State error = KafkaStreams.State.ERROR;
        return () -> HealthCheckResponse.named("topology and archive have not failed")
                .status(streams.state() != error
                        && streams.state() != KafkaStreams.State.PENDING_ERROR
                        && archive.failure().isEmpty())
                .withData("state", streams.state().toString())
                .build();
    }
}
