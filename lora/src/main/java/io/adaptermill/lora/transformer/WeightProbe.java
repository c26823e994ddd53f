package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Tensor;

/// Sees what the gradient of one frozen fused weight is made of, `∂L/∂W = dyᵀ x`, which training itself never
/// needs.
@FunctionalInterface
public interface WeightProbe {
    /// @param x the linear's input, `[T, in]`
    /// @param dy gradient of its output, `[T, out]`
    void see(Tensor x, Tensor dy);
}
