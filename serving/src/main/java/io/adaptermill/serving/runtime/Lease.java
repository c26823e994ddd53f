package io.adaptermill.serving.runtime;

import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.swap.Served;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// One request's hold on the version it started with. While it is open that version stays loaded. Closing twice is
/// harmless.
public final class Lease implements AutoCloseable {
    private final ServingVersion version;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Lease(ServingVersion version) {
        this.version = version;
    }

    public Served served() {
        return version.served();
    }

    public Optional<Engine.Weights> weights() {
        return version.weights();
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) version.giveBack();
    }
}
