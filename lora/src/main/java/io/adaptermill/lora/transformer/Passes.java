package io.adaptermill.lora.transformer;

import java.util.Optional;

/// Who takes batches through the base model: a [Decoder] of one's own, or one that tenants share.
public interface Passes {
    /// Negative log-likelihood of each label.
    double[] score(TokenBatch batch, Optional<AdapterLayers> adapter);

    /// Forward and backward; adds the gradient of the weighted labels to `gradients`.
    ///
    /// @return negative log-likelihood of each label
    double[] learn(TokenBatch batch, AdapterLayers adapter, Decoder.Weigher weigher, AdapterParameters gradients);

    /// As [#learn], with the pull of an anchor.
    ///
    /// @return what the labels' divergences from the anchor cost together
    double learn(
            TokenBatch batch,
            AdapterLayers adapter,
            Anchor anchor,
            Decoder.Weigher weigher,
            AdapterParameters gradients);
}
