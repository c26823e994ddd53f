package io.adaptermill.serving.runtime;

import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.swap.Served;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// One activation of a version for one tenant, with the number of requests that hold it.
///
/// Count and retirement share one atomic word, so no request can take hold of a version after the last one has left it.
final class ServingVersion {
    private static final int RETIRED = Integer.MIN_VALUE;

    private final Served served;
    private final Optional<Engine.Weights> weights;
    private final AtomicInteger leases = new AtomicInteger();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile int leasesAtRetirement;

    ServingVersion(Served served, Optional<Engine.Weights> weights) {
        this.served = served;
        this.weights = weights;
    }

    Served served() {
        return served;
    }

    Optional<Engine.Weights> weights() {
        return weights;
    }

    /// @return absent once retired
    Optional<Lease> lease() {
        int before = leases.getAndUpdate(count -> count < 0 ? count : count + 1);
        return before < 0 ? Optional.empty() : Optional.of(new Lease(this));
    }

    void giveBack() {
        if (leases.decrementAndGet() == RETIRED) drained.complete(null);
    }

    void retire() {
        int before = leases.getAndUpdate(count -> count | RETIRED);
        if (before < 0) throw new IllegalStateException("a version must be retired once only: " + served.label());
        leasesAtRetirement = before;
        if (before == 0) drained.complete(null);
    }

    /// Completes when the last request has left the retired version.
    CompletableFuture<Void> drained() {
        return drained;
    }

    /// Requests that had to finish on it after it was replaced.
    int leasesAtRetirement() {
        return leasesAtRetirement;
    }
}
