package io.adaptermill.serving.runtime;

import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.canary.Conversation;
import io.adaptermill.serving.swap.Served;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Candidates that answer some conversations beside what serves: a second fleet, in whose slots lies a
/// candidate or nothing.
public final class Candidates implements AutoCloseable {
    private final SwapFleet fleet;
    private final Map<TenantId, ServingCandidate> wanted = new ConcurrentHashMap<>();

    public Candidates(SwapFleet fleet) {
        this.fleet = fleet;
    }

    /// @param candidate absent if nothing answers beside what serves
    /// @return completes when it can answer, or its first attempt has failed
    public CompletableFuture<Void> want(TenantId tenant, Optional<ServingCandidate> candidate) {
        candidate.ifPresentOrElse(it -> wanted.put(tenant, it), () -> wanted.remove(tenant));
        return fleet.want(tenant, candidate.map(it -> Served.of(it.candidate())).orElse(Served.BASE));
    }

    /// @return absent if the conversation is what serves' to answer; also while the candidate is not
    ///     loaded yet
    public Optional<Lease> lease(TenantId tenant, Conversation conversation) {
        ServingCandidate candidate = wanted.get(tenant);
        if (candidate == null || !conversation.fallsTo(candidate.candidate().version(), candidate.share())) {
            return Optional.empty();
        }
        Lease lease = fleet.lease(tenant);
        if (lease.served().adapter().equals(Optional.of(candidate.candidate()))) return Optional.of(lease);
        lease.close();
        return Optional.empty();
    }

    @Override
    public void close() {
        fleet.close();
    }
}
