package io.adaptermill.serving;

import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.access.Tenants;
import io.adaptermill.serving.runtime.Candidates;
import io.adaptermill.serving.runtime.SwapFleet;
import io.adaptermill.serving.swap.Served;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows `serving.adapters`, `serving.candidates` and `tenant.policies` from their beginning and tells
/// the fleet what to serve.
///
/// Pointers that were there at the start are folded first, so that a late replica loads each tenant's
/// newest version only and none of those before it. From then on each pointer counts at once.
final class DesiredState implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DesiredState.class);

    private final SwapFleet fleet;
    private final Candidates candidates;
    private final ServingMetrics metrics;
    /// Only until caught up; guarded by this object.
    private final Map<TenantId, Served> folded = new HashMap<>();

    private final Map<TenantId, Optional<ServingCandidate>> foldedCandidates = new HashMap<>();

    private boolean live;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile Tenants tenants = Tenants.NONE;
    private final TopicReader reader;

    DesiredState(SwapFleet fleet, Candidates candidates, ServingMetrics metrics, String bootstrapServers) {
        this.fleet = fleet;
        this.candidates = candidates;
        this.metrics = metrics;
        this.reader = TopicReader.named("serving-desired-state")
                .on(Topics.TENANT_POLICIES, this::policy)
                .on(Topics.SERVING_ADAPTERS, this::pointer)
                .on(Topics.SERVING_CANDIDATES, this::candidate)
                .start(bootstrapServers);
        reader.caughtUp().thenRun(this::goLive);
    }

    Tenants tenants() {
        return tenants;
    }

    /// Whether all that was asked for at the start is served, or was tried.
    boolean isReady() {
        return ready.isDone() && reader.failure().isEmpty();
    }

    Optional<Throwable> failure() {
        return reader.failure();
    }

    @Override
    public void close() {
        reader.close();
    }

    private void policy(EventRead<TenantPolicy> read) {
        switch (read) {
            case EventRead.Readable<TenantPolicy>(Envelope<TenantPolicy> envelope) ->
                tenants = tenants.after(envelope.tenant(), Optional.of(envelope.event()));
            case EventRead.Removed<TenantPolicy>(TenantId tenant) -> tenants = tenants.after(tenant, Optional.empty());
            case EventRead.Unreadable<TenantPolicy> unreadable ->
                skipped(Topics.TENANT_POLICIES.suffix(), unreadable.violation());
        }
    }

    private void pointer(EventRead<ServingAdapter> read) {
        switch (read) {
            case EventRead.Readable<ServingAdapter>(Envelope<ServingAdapter> envelope) ->
                want(envelope.tenant(), Served.of(envelope.event().champion()));
            case EventRead.Removed<ServingAdapter>(TenantId tenant) -> want(tenant, Served.BASE);
            case EventRead.Unreadable<ServingAdapter> unreadable ->
                skipped(Topics.SERVING_ADAPTERS.suffix(), unreadable.violation());
        }
    }

    private void candidate(EventRead<ServingCandidate> read) {
        switch (read) {
            case EventRead.Readable<ServingCandidate>(Envelope<ServingCandidate> envelope) ->
                want(envelope.tenant(), Optional.of(envelope.event()));
            case EventRead.Removed<ServingCandidate>(TenantId tenant) -> want(tenant, Optional.empty());
            case EventRead.Unreadable<ServingCandidate> unreadable ->
                skipped(Topics.SERVING_CANDIDATES.suffix(), unreadable.violation());
        }
    }

    private synchronized void want(TenantId tenant, Optional<ServingCandidate> candidate) {
        if (live) candidates.want(tenant, candidate);
        else foldedCandidates.put(tenant, candidate);
    }

    private synchronized void want(TenantId tenant, Served served) {
        if (live) fleet.want(tenant, served);
        else folded.put(tenant, served);
    }

    private synchronized void goLive() {
        live = true;
        CompletableFuture<?>[] swaps = Stream.concat(
                        folded.entrySet().stream().map(entry -> fleet.want(entry.getKey(), entry.getValue())),
                        foldedCandidates.entrySet().stream()
                                .map(entry -> candidates.want(entry.getKey(), entry.getValue())))
                .toArray(CompletableFuture[]::new);
        LOGGER.atInfo().addKeyValue("tenants", folded.size()).log("caught up with serving.adapters");
        folded.clear();
        foldedCandidates.clear();
        CompletableFuture.allOf(swaps).thenRun(() -> ready.complete(null));
    }

    /// What was served before stays: an unreadable pointer says nothing about it.
    private void skipped(String topic, ContractViolation violation) {
        metrics.unreadable(topic);
        LOGGER.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("error", violation.getMessage())
                .log("record skipped; what it should have changed stays as it was");
    }
}
