package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.policy.BatchPolicy;
import io.adaptermill.schemas.policy.DefencePolicy;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;

/// A tenant exists from its first policy on. The newest record per tenant counts (`tenant.policies`, compacted).
///
/// @param apiKeys sha256 of each API key that may send feedback for this tenant; never the keys themselves
/// @param defence what is quarantined; absent for the usual limits
public record TenantPolicy(
        List<Digest> apiKeys,
        BatchPolicy batch,
        HoldoutPolicy holdout,
        Recipe recipe,
        GatePolicy gate,
        Optional<DefencePolicy> defence)
        implements Event {
    public TenantPolicy {
        apiKeys = List.copyOf(apiKeys);
        defence = defence.filter(limits -> !limits.equals(DefencePolicy.DEFAULT));
    }

    /// With the usual defences.
    public TenantPolicy(
            List<Digest> apiKeys, BatchPolicy batch, HoldoutPolicy holdout, Recipe recipe, GatePolicy gate) {
        this(apiKeys, batch, holdout, recipe, gate, Optional.empty());
    }

    public static TenantPolicy withDefaults(List<Digest> apiKeys) {
        return new TenantPolicy(
                apiKeys, BatchPolicy.DEFAULT, HoldoutPolicy.DEFAULT, Recipe.DEFAULT, GatePolicy.DEFAULT);
    }

    public TenantPolicy withApiKeys(List<Digest> others) {
        return new TenantPolicy(others, batch, holdout, recipe, gate, defence);
    }

    public TenantPolicy withRecipe(Recipe other) {
        return new TenantPolicy(apiKeys, batch, holdout, other, gate, defence);
    }

    public TenantPolicy withGate(GatePolicy other) {
        return new TenantPolicy(apiKeys, batch, holdout, recipe, other, defence);
    }

    public TenantPolicy withDefence(DefencePolicy other) {
        return new TenantPolicy(apiKeys, batch, holdout, recipe, gate, Optional.of(other));
    }
}
