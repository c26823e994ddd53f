package io.adaptermill.ingest.runtime;

import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The tenants and what each one wants: one view for the topology and for HTTP, kept by the global store's processor.
///
/// Written by the global thread, read by all.
public final class Policies {
    private final Map<TenantId, TenantPolicy> policies = new ConcurrentHashMap<>();
    private final Map<Digest, TenantId> owners = new ConcurrentHashMap<>();

    public Optional<TenantPolicy> of(TenantId tenant) {
        return Optional.ofNullable(policies.get(tenant));
    }

    public Optional<TenantId> ownerOf(String apiKey) {
        return Optional.ofNullable(owners.get(Digest.of(apiKey.getBytes(StandardCharsets.UTF_8))));
    }

    public int count() {
        return policies.size();
    }

    void put(TenantId tenant, TenantPolicy policy) {
        policies.put(tenant, policy);
        owners.values().removeIf(tenant::equals);
        policy.apiKeys().forEach(key -> owners.put(key, tenant));
    }

    void remove(TenantId tenant) {
        policies.remove(tenant);
        owners.values().removeIf(tenant::equals);
    }
}
