package io.adaptermill.serving.swap;

import io.adaptermill.schemas.event.AdapterRef;

/// One thing to do on the way to the desired version. Steps are applied in order, and each is safe to repeat.
public sealed interface SwapStep {
    /// Bring the artifact's bytes here.
    record Fetch(AdapterRef adapter) implements SwapStep {}

    /// Check digest, base model, version and weights before any of it meets the engine.
    record Verify(AdapterRef adapter) implements SwapStep {}

    /// Turn the weights into the engine's form.
    record Load(AdapterRef adapter) implements SwapStep {}

    /// From now on new requests start with this one; running requests keep theirs.
    record Activate(Served served) implements SwapStep {}

    /// Wait until the last request that started with the old version has finished.
    record Drain(Retired retired) implements SwapStep {}

    /// Give back the memory of a version that nobody uses.
    record Unload(AdapterRef adapter) implements SwapStep {}
}
