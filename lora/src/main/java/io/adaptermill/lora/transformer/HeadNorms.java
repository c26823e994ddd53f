package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.HeadNorm;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.model.ModelConfig;

/// The norms of query and key heads before they are turned (Qwen3); values are left alone.
///
/// @param query weight of every query head, `[1, headDim]` float32
/// @param key weight of every key head, the same
public record HeadNorms(ModelConfig config, Tensor query, Tensor key) {
    /// @param projected q, k and v as the linear gave them, `[T, (heads + 2 headsKv) · headDim]`; kept for the backward
    /// @param qkv overwritten with normed q and k, and v
    void forward(Kernels kernels, Tensor projected, Tensor qkv) {
        qkv.memory().copyFrom(projected.memory());
        HeadNorm.forward(kernels, queries(), config.normEps(), projected, qkv);
        HeadNorm.forward(kernels, keys(), config.normEps(), projected, qkv);
    }

    /// @param dqkv gradient of what [#forward] gave; becomes that of `projected`
    void backward(Kernels kernels, Tensor projected, Tensor dqkv) {
        HeadNorm.backward(kernels, queries(), config.normEps(), projected, dqkv);
        HeadNorm.backward(kernels, keys(), config.normEps(), projected, dqkv);
    }

    private HeadNorm.Span queries() {
        return new HeadNorm.Span(0, config.heads(), query);
    }

    private HeadNorm.Span keys() {
        return new HeadNorm.Span(config.heads(), config.headsKv(), key);
    }
}
