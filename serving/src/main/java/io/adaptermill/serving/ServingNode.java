package io.adaptermill.serving;

import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.access.Tenants;
import io.adaptermill.serving.canary.Conversation;
import io.adaptermill.serving.engine.DecodeLoop;
import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.engine.Ticket;
import io.adaptermill.serving.runtime.AdapterSource;
import io.adaptermill.serving.runtime.Candidates;
import io.adaptermill.serving.runtime.Lease;
import io.adaptermill.serving.runtime.SwapFleet;
import io.adaptermill.serving.swap.Served;
import java.util.Optional;
import java.util.SortedMap;

/// One replica: follows the desired state, swaps versions, decodes, publishes.
///
/// Owns the engine and closes it last: native code must be at rest before the process ends.
public final class ServingNode implements AutoCloseable {
    private final Engine engine;
    private final ServingMetrics metrics;
    private final EventSink events;
    private final DecodeLoop loop;
    private final SwapReporter reporter;
    private final SwapFleet fleet;
    private final Candidates candidates;
    private final DesiredState desired;
    private final String replica;

    public ServingNode(Engine engine, AdapterSource source, NodeSettings settings, ServingMetrics metrics) {
        this.engine = engine;
        this.metrics = metrics;
        this.replica = settings.replica();
        this.events = new EventSink(settings.bootstrapServers(), "/adaptermill/serving", metrics);
        this.loop = new DecodeLoop(engine, settings.batchMax(), settings.queueMax(), settings.queueMaxPerTenant());
        this.reporter = new SwapReporter(events, metrics, replica);
        this.fleet = new SwapFleet(source, engine, settings.retries(), reporter);
        this.candidates =
                new Candidates(new SwapFleet(source, engine, settings.retries(), new CandidateReporter(reporter)));
        this.desired = new DesiredState(fleet, candidates, metrics, settings.bootstrapServers());
        metrics.gauge("answers.running", loop::running);
        metrics.gauge("answers.waiting", loop::waiting);
        metrics.gauge("versions.loaded", reporter::loadedCount);
        metrics.gauge(
                "versions.active",
                () -> fleet.served().values().stream()
                        .filter(served -> served.adapter().isPresent())
                        .count());
    }

    public Tenants tenants() {
        return desired.tenants();
    }

    /// What answers for each tenant that has been asked for or has a pointer.
    public SortedMap<TenantId, Served> served() {
        return fleet.served();
    }

    /// Takes hold of what answers this conversation: what serves, or a candidate that is tried beside it.
    public Lease lease(TenantId tenant, Conversation conversation) {
        return candidates.lease(tenant, conversation).orElseGet(() -> fleet.lease(tenant));
    }

    /// @return absent unless exactly this version answers for its tenant now
    public Optional<Lease> lease(VersionId version) {
        Lease lease = fleet.lease(version.tenant());
        if (lease.served().version().equals(Optional.of(version))) return Optional.of(lease);
        lease.close();
        return Optional.empty();
    }

    /// @throws io.adaptermill.serving.engine.EngineBusy if there is no room
    public void submit(Ticket ticket) {
        loop.submit(ticket);
    }

    /// Versions whose weights the engine holds: the active ones, and old ones with answers still running.
    public int loadedCount() {
        return reporter.loadedCount();
    }

    public EventSink events() {
        return events;
    }

    public ServingMetrics metrics() {
        return metrics;
    }

    public String replica() {
        return replica;
    }

    /// Whether it serves what it should.
    public boolean isReady() {
        return desired.isReady();
    }

    /// Why it can no longer follow the pointers, if so: then only a restart helps.
    public Optional<Throwable> failure() {
        return desired.failure();
    }

    @Override
    public void close() {
        desired.close();
        candidates.close();
        fleet.close();
        loop.close();
        events.close();
        engine.close();
    }
}
