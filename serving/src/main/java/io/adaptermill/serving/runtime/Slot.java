package io.adaptermill.serving.runtime;

import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.swap.Served;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// What answers for one tenant: a single reference, so that a swap is one write and no request sees half of it.
public final class Slot {
    private final AtomicReference<ServingVersion> active =
            new AtomicReference<>(new ServingVersion(Served.BASE, Optional.empty()));

    /// Takes hold of the version that answers now.
    public Lease lease() {
        while (true) {
            // A version retired between the read and the lease has a successor already: read again.
            Optional<Lease> lease = active.get().lease();
            if (lease.isPresent()) return lease.get();
        }
    }

    public Served served() {
        return active.get().served();
    }

    /// @return the version replaced, to be drained
    ServingVersion activate(Served served, Optional<Engine.Weights> weights) {
        ServingVersion replaced = active.getAndSet(new ServingVersion(served, weights));
        replaced.retire();
        return replaced;
    }
}
