package io.adaptermill.cli.promises;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a client saw of one request to serving.
///
/// @param status of HTTP, 0 if no response came
/// @param version the response's own word on who answered; absent for the bare base model
/// @param error absent for a complete answer
public record Answer(
        TenantId tenant, Instant start, Instant end, int status, Optional<VersionId> version, Optional<String> error) {
    @JsonIgnore
    public boolean failed() {
        return status != 200 || error.isPresent();
    }

    public Duration latency() {
        return Duration.between(start, end);
    }
}
