package io.adaptermill.serving.http;

import io.adaptermill.serving.ServingNode;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// Ready once every pointer that was there at the start is served or was tried; alive as long as pointers are followed.
@Singleton
final class Health {
    private final ServingNode node;

    Health(ServingNode node) {
        this.node = node;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("serves what serving.adapters asks for")
                .status(node.isReady())
                .withData("tenants", node.served().size())
                .build();
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive() {
        return () -> node.failure()
                .map(cause -> HealthCheckResponse.named("follows serving.adapters")
                        .down()
                        .withData("error", String.valueOf(cause.getMessage()))
                        .build())
                .orElseGet(() -> HealthCheckResponse.named("follows serving.adapters")
                        .up()
                        .build());
    }
}
