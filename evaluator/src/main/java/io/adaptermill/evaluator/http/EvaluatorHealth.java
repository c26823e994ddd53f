package io.adaptermill.evaluator.http;

import io.adaptermill.evaluator.EvaluatorLoop;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// Ready once all evidence that was there at the start is read; alive as long as it is followed.
@Singleton
final class EvaluatorHealth {
    private final EvaluatorLoop loop;

    EvaluatorHealth(EvaluatorLoop loop) {
        this.loop = loop;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("evidence is read")
                .status(loop.isCaughtUp())
                .build();
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive() {
        return () -> HealthCheckResponse.named("evidence is followed")
                .status(loop.failure().isEmpty())
                .build();
    }
}
