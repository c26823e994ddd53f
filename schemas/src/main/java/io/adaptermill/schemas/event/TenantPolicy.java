package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.policy.BatchPolicy;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;

/// A tenant exists from its first policy on. The newest record per tenant counts (`tenant.policies`, compacted).
///
/// @param apiKeys sha256 of each API key that may send feedback for this tenant; never the keys themselves
public record TenantPolicy(
        List<Digest> apiKeys, BatchPolicy batch, HoldoutPolicy holdout, Recipe recipe, GatePolicy gate)
        implements Event {
    public TenantPolicy {
        apiKeys = List.copyOf(apiKeys);
    }

    public static TenantPolicy withDefaults(List<Digest> apiKeys) {
        return new TenantPolicy(
                apiKeys, BatchPolicy.DEFAULT, HoldoutPolicy.DEFAULT, Recipe.DEFAULT, GatePolicy.DEFAULT);
    }

    public TenantPolicy withApiKeys(List<Digest> keys) {
        return new TenantPolicy(keys, batch, holdout, recipe, gate);
    }
}
