package io.adaptermill.serving.runtime;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.swap.Retired;
import io.adaptermill.serving.swap.RetryPolicy;
import io.adaptermill.serving.swap.Served;
import io.adaptermill.serving.swap.SwapPlanner;
import io.adaptermill.serving.swap.SwapStep;
import io.adaptermill.serving.swap.TenantState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Brings one tenant to the version it should have: plans, does the first step, plans again.
///
/// A failing step leaves the old version answering, forgets what was prepared (so that bad bytes are
/// fetched anew), and is tried again after a growing wait. One virtual thread per tenant, so no tenant's
/// trouble delays another's swap.
final class TenantSwaps {
    /// How often a tenant that was given up, or is at rest, is looked at again.
    private static final Duration NEXT_LOOK = Duration.ofMinutes(5);

    private final TenantId tenant;
    private final Slot slot;
    private final Shelf shelf;
    private final RetryPolicy retries;
    private final Semaphore preparations;
    private final SwapListener listener;
    private final AtomicReference<Served> desired = new AtomicReference<>(Served.BASE);
    private final Semaphore wakeUps = new Semaphore(0);
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile boolean closing;

    /// The rest is owned by the swap thread.
    private TenantState state = TenantState.INITIAL;

    private final Deque<Draining> draining = new ArrayDeque<>();
    private Served attempted = Served.BASE;
    private int failures;
    private long startedNanos;

    /// @param preparations bounds how many tenants fetch and load at once
    TenantSwaps(
            TenantId tenant,
            Slot slot,
            AdapterSource source,
            Engine engine,
            RetryPolicy retries,
            Semaphore preparations,
            SwapListener listener) {
        this.tenant = tenant;
        this.slot = slot;
        this.shelf = new Shelf(source, engine);
        this.retries = retries;
        this.preparations = preparations;
        this.listener = listener;
    }

    private record Draining(Retired swap, ServingVersion version, Duration took) {}

    void start() {
        Thread.ofVirtual().name("swaps-" + tenant).start(this::run);
    }

    /// The newest wish counts; those in between are skipped.
    void want(Served served) {
        desired.set(served);
        wakeUps.release();
    }

    /// Completes when a wish was fulfilled or its first attempt failed: the tenant then has whatever can be had.
    CompletableFuture<Void> settled() {
        return settled;
    }

    void close() {
        closing = true;
        wakeUps.release();
    }

    private void run() {
        while (!closing) {
            Served target = desired.get();
            if (!target.equals(attempted)) begin(target);
            List<SwapStep> plan = SwapPlanner.plan(state, target);
            if (state.active().equals(target)) settled.complete(null);
            if (plan.isEmpty()) pause(NEXT_LOOK);
            else attempt(plan.getFirst());
        }
    }

    private void begin(Served target) {
        attempted = target;
        failures = 0;
        startedNanos = System.nanoTime();
    }

    private void attempt(SwapStep step) {
        try {
            if (apply(step)) state = state.after(step);
        } catch (RuntimeException e) {
            failed(step, e);
        }
    }

    /// @return false if the step is not through yet and something woke us meanwhile
    private boolean apply(SwapStep step) {
        switch (step) {
            case SwapStep.Fetch(AdapterRef adapter) -> prepare(() -> shelf.fetch(adapter));
            case SwapStep.Verify(AdapterRef adapter) -> prepare(() -> shelf.verify(adapter));
            case SwapStep.Load(AdapterRef adapter) -> {
                prepare(() -> shelf.load(adapter));
                listener.loaded(adapter);
            }
            case SwapStep.Activate(Served served) -> activate(served);
            case SwapStep.Drain ignored -> {
                return drain();
            }
            case SwapStep.Unload(AdapterRef adapter) -> unload(adapter);
        }
        return true;
    }

    private void prepare(Runnable work) {
        preparations.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            preparations.release();
        }
    }

    private void activate(Served served) {
        Optional<Engine.Weights> weights = served.adapter().flatMap(shelf::weights);
        if (weights.isPresent() != served.adapter().isPresent()) {
            throw new IllegalStateException(served.label() + " must be loaded before it answers");
        }
        Retired swap = new Retired(state.active(), served);
        ServingVersion replaced = slot.activate(served, weights);
        Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
        draining.addLast(new Draining(swap, replaced, took));
        replaced.drained().thenRun(wakeUps::release);
        failures = 0;
        listener.activated(tenant, swap, took);
    }

    /// The oldest retirement is the state's first, so both stay in step.
    private boolean drain() {
        Draining oldest = draining.getFirst();
        if (!oldest.version().drained().isDone()) {
            pause(NEXT_LOOK);
            return false;
        }
        draining.removeFirst();
        listener.drained(tenant, oldest.swap(), oldest.took(), oldest.version().leasesAtRetirement());
        return true;
    }

    private void failed(SwapStep step, RuntimeException cause) {
        failures++;
        Optional<Duration> delay =
                delay(retries.after(failures, ThreadLocalRandom.current().nextDouble()));
        listener.failed(tenant, step, cause, delay.isEmpty());
        state.prepared().ifPresent(prepared -> {
            unload(prepared.adapter());
            state = state.after(new SwapStep.Unload(prepared.adapter()));
        });
        settled.complete(null);
        pause(delay.orElse(NEXT_LOOK));
        if (delay.isEmpty()) failures = 0;
    }

    private void unload(AdapterRef adapter) {
        if (shelf.unload(adapter)) listener.unloaded(adapter);
    }

    private static Optional<Duration> delay(RetryPolicy.Retry retry) {
        return switch (retry) {
            case RetryPolicy.Retry.Wait(Duration delay) -> Optional.of(delay);
            case RetryPolicy.Retry.GiveUp() -> Optional.empty();
        };
    }

    private void pause(Duration longest) {
        try {
            if (wakeUps.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) wakeUps.drainPermits();
        } catch (InterruptedException e) {
            closing = true;
        }
    }
}
