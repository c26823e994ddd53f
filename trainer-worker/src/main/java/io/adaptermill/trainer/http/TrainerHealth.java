package io.adaptermill.trainer.http;

import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.trainer.TrainerBeans;
import io.adaptermill.trainer.TrainerLoop;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// Ready once the group has given this worker its share (the model is open by then); alive as long as it may go on.
@Singleton
final class TrainerHealth {
    private final TrainerLoop loop;
    private final ChannelClaims claims;

    TrainerHealth(TrainerLoop loop, @Identifier(TrainerBeans.CLAIMS) ChannelClaims claims) {
        this.loop = loop;
        this.claims = claims;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("batches are assigned")
                .status(claims.isJoined())
                .build();
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive() {
        return () -> HealthCheckResponse.named("batches are worked off")
                .status(loop.failure().isEmpty())
                .build();
    }
}
