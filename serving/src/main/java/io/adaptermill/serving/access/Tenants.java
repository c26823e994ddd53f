package io.adaptermill.serving.access;

import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The registered tenants and their keys, folded from `tenant.policies`. Immutable: [#after] gives the next state.
///
/// @param keys sha256 of each key, by tenant
public record Tenants(Map<TenantId, Set<Digest>> keys) {
    public static final Tenants NONE = new Tenants(Map.of());

    public Tenants {
        keys = Map.copyOf(keys);
    }

    /// @param policy absent for a tenant that was removed
    public Tenants after(TenantId tenant, Optional<TenantPolicy> policy) {
        Map<TenantId, Set<Digest>> next = new HashMap<>(keys);
        next.remove(tenant);
        policy.ifPresent(value -> next.put(tenant, Set.copyOf(value.apiKeys())));
        return new Tenants(next);
    }

    public List<TenantId> registered() {
        return List.copyOf(keys.keySet());
    }

    /// Decides about one request.
    ///
    /// @param bearer the key that came with it
    /// @param owner whose model is asked; absent for the base model
    /// @param open whether requests without a key are welcome
    public Access decide(Optional<String> bearer, Optional<TenantId> owner, boolean open) {
        if (bearer.isEmpty() && !open) return new Access.Unknown("this replica answers only with an API key");
        Optional<TenantId> caller = bearer.flatMap(this::ownerOf);
        if (bearer.isPresent() && caller.isEmpty()) return new Access.Unknown("the API key belongs to no tenant");
        if (owner.isPresent() && caller.isPresent() && !owner.equals(caller)) {
            return new Access.Forbidden("the API key belongs to another tenant than " + owner.get());
        }
        if (owner.isPresent() && !keys.containsKey(owner.get())) return new Access.NoSuchTenant(owner.get());
        return new Access.Granted(owner.or(() -> caller));
    }

    private Optional<TenantId> ownerOf(String key) {
        Digest digest = Digest.of(key.getBytes(StandardCharsets.UTF_8));
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue().contains(digest))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
