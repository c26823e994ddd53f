package io.adaptermill.ingest.runtime;

import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The tenants and what each one wants: one view for the topology and for HTTP, kept by the global store's processor.
///
/// Written by the global thread, read by all.
public final class Policies {
    private final Map<TenantId, TenantPolicy> policies = new ConcurrentHashMap<>();
    private final Map<Digest, TenantId> owners = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    public Optional<TenantPolicy> of(TenantId tenant) {
        return Optional.ofNullable(policies.get(tenant));
    }

    public Optional<TenantId> ownerOf(String apiKey) {
        return Optional.ofNullable(owners.get(Digest.of(apiKey.getBytes(StandardCharsets.UTF_8))));
    }

    /// Another number whenever anything changed.
    long revision() {
        return revision.get();
    }

    public int count() {
        return policies.size();
    }

    void put(TenantId tenant, TenantPolicy policy) {
        @Nullable TenantPolicy before = policies.put(tenant, policy);
        policy.apiKeys().forEach(key -> owners.put(key, tenant));
        if (before != null) forget(tenant, before, policy.apiKeys());
        revision.incrementAndGet();
    }

    void remove(TenantId tenant) {
        @Nullable TenantPolicy before = policies.remove(tenant);
        if (before != null) forget(tenant, before, List.of());
        revision.incrementAndGet();
    }

    /// Only what is gone: a key that stays must not be unknown for a moment.
    private void forget(TenantId tenant, TenantPolicy before, List<Digest> kept) {
        for (Digest key : before.apiKeys()) {
            if (!kept.contains(key)) owners.remove(key, tenant);
        }
    }
}
