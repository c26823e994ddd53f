package io.adaptermill.serving.http;

import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.access.Access;
import io.adaptermill.serving.access.Tenants;
import io.adaptermill.serving.chat.ChatProblem;
import io.adaptermill.serving.chat.ModelName;
import io.adaptermill.serving.chat.RefusedRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns an access decision into a tenant or a refusal.
final class Admission {
    private static final String SCHEME = "bearer ";

    private Admission() {}

    static Optional<String> bearer(@Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).trim())
                .filter(key -> !key.isEmpty());
    }

    /// @return whose request it is; absent for the base model without a key
    /// @throws RefusedRequest if it may not be answered
    static Optional<TenantId> admit(Tenants tenants, Optional<String> bearer, ModelName name, boolean open) {
        return switch (tenants.decide(bearer, name.owner(), open)) {
            case Access.Granted(Optional<TenantId> tenant) -> tenant;
            case Access.Unknown(String message) -> throw new RefusedRequest(ChatProblem.unauthorized(message));
            case Access.Forbidden(String message) -> throw new RefusedRequest(ChatProblem.forbidden(message));
            case Access.NoSuchTenant(TenantId tenant) ->
                throw new RefusedRequest(ChatProblem.noSuchModel(
                        tenant.value(),
                        "register the tenant with a policy in tenant.policies; GET /v1/models lists those known here"));
        };
    }
}
