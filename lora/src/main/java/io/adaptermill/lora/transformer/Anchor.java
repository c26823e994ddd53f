package io.adaptermill.lora.transformer;

import java.util.Optional;

/// Another adapter on the same base whose answers training stays near.
///
/// Adds `weight · Σ KL(anchor's distribution ‖ trained one's)` over a batch's labels. The anchor's logits are
/// never stored: its last rows are, and their logits are computed beside the trained ones, a chunk at a time.
///
/// @param adapter absent for the bare base
/// @param weight of one label's divergence, in nats
public record Anchor(Optional<AdapterLayers> adapter, double weight) {}
