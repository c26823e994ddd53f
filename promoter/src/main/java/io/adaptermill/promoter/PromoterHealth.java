package io.adaptermill.promoter;

import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.streams.KafkaStreams;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready only while Streams is running: not while it restores, rebalances or has failed.
@Readiness
@ApplicationScoped
class PromoterHealth implements HealthCheck {
    private final KafkaStreams streams;

    PromoterHealth(KafkaStreams streams) {
        this.streams = streams;
    }

    @Override
    public HealthCheckResponse call() {
        KafkaStreams.State state = streams.state();
        return HealthCheckResponse.named("promotions")
                .withData("state", state.name())
                .status(state == KafkaStreams.State.RUNNING)
                .build();
    }
}
