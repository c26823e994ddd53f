package io.adaptermill.evaluator.http;

import io.adaptermill.evaluator.EvaluatorBeans;
import io.adaptermill.evaluator.EvaluatorLoop;
import io.adaptermill.kafka.group.ChannelClaims;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// Ready once all evidence that was there at the start is read and the group has given this evaluator its share; alive
/// as long as it may go on.
@Singleton
final class EvaluatorHealth {
    private final EvaluatorLoop loop;
    private final ChannelClaims claims;

    EvaluatorHealth(EvaluatorLoop loop, @Identifier(EvaluatorBeans.CLAIMS) ChannelClaims claims) {
        this.loop = loop;
        this.claims = claims;
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
    @Readiness
    HealthCheck joined() {
        return () -> HealthCheckResponse.named("candidates are assigned")
                .status(claims.isJoined())
                .build();
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive() {
        return () -> HealthCheckResponse.named("candidates are worked off")
                .status(loop.failure().isEmpty())
                .build();
    }
}
