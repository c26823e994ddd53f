package io.adaptermill.serving.runtime;

import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.swap.RetryPolicy;
import io.adaptermill.serving.swap.Served;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// All tenants' slots, and the threads that swap what is in them.
public final class SwapFleet implements AutoCloseable {
    /// Tenants that fetch and load at once: one waits for the disk while the other computes.
    private static final int PREPARATIONS = 2;

    private final AdapterSource source;
    private final Engine engine;
    private final RetryPolicy retries;
    private final SwapListener listener;
    private final Semaphore preparations = new Semaphore(PREPARATIONS, true);
    private final Map<TenantId, Slot> slots = new ConcurrentHashMap<>();
    private final Map<TenantId, TenantSwaps> swaps = new ConcurrentHashMap<>();

    public SwapFleet(AdapterSource source, Engine engine, RetryPolicy retries, SwapListener listener) {
        this.source = source;
        this.engine = engine;
        this.retries = retries;
        this.listener = listener;
    }

    /// Sets what should answer for the tenant; returns at once.
    ///
    /// @return completes when it answers, or its first attempt has failed
    public CompletableFuture<Void> want(TenantId tenant, Served served) {
        TenantSwaps mover = swaps.computeIfAbsent(tenant, key -> started(key, served));
        mover.want(served);
        return mover.settled();
    }

    /// Takes hold of what answers for the tenant now; the base model for one without a pointer.
    public Lease lease(TenantId tenant) {
        return slot(tenant).lease();
    }

    /// Tenants with a slot and what answers for them.
    public SortedMap<TenantId, Served> served() {
        SortedMap<TenantId, Served> served = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        slots.forEach((tenant, slot) -> served.put(tenant, slot.served()));
        return served;
    }

    @Override
    public void close() {
        swaps.values().forEach(TenantSwaps::close);
    }

    private Slot slot(TenantId tenant) {
        return slots.computeIfAbsent(tenant, key -> new Slot());
    }

    /// The first wish comes before the thread starts, or it would find itself at rest with the base model.
    private TenantSwaps started(TenantId tenant, Served first) {
        TenantSwaps mover = new TenantSwaps(tenant, slot(tenant), source, engine, retries, preparations, listener);
        mover.want(first);
        mover.start();
        return mover;
    }
}
