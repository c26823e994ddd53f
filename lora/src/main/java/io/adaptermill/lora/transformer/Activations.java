package io.adaptermill.lora.transformer;

/// What of a forward pass waits for the backward.
///
/// Both give the same bits: a block that runs again on the same entry computes the same numbers.
public enum Activations {
    /// What each block's backward needs.
    KEPT,
    /// Only the residual at each block's entry, a sixth of it; the rest of a block is computed again when its
    /// backward comes, for one more forward pass in all. Source: Chen et al. 2016, with a segment for each
    /// block.
    RECOMPUTED
}
