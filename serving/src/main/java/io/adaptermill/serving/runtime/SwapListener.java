package io.adaptermill.serving.runtime;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.swap.Retired;
import io.adaptermill.serving.swap.SwapStep;
import java.time.Duration;

/// Told what swaps did; called from the tenant's swap thread, so it must be quick and must not throw.
public interface SwapListener {
    /// The engine holds the version's weights from now on.
    void loaded(AdapterRef adapter);

    /// The engine's memory for the version was given back.
    void unloaded(AdapterRef adapter);

    /// The successor answers; from the first byte fetched it took this long.
    void activated(TenantId tenant, Retired swap, Duration took);

    /// The old version has no requests left.
    ///
    /// @param requestsDrained requests that finished on it after the change
    void drained(TenantId tenant, Retired swap, Duration took, int requestsDrained);

    /// A step failed; the version that answered before goes on answering.
    ///
    /// @param givenUp whether nothing more is tried until the pointer moves or the next look
    void failed(TenantId tenant, SwapStep step, RuntimeException cause, boolean givenUp);
}
