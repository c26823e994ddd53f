package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Tensor;
import java.util.Map;
import java.util.Optional;

/// One block of the frozen base.
///
/// @param attentionNorm `[D]` float32
/// @param feedForwardNorm `[D]` float32
/// @param headNorms of queries and keys, where the model has them
/// @param linears the four fused linears
public record FrozenLayer(
        Tensor attentionNorm, Tensor feedForwardNorm, Optional<HeadNorms> headNorms, Map<Fused, FrozenLinear> linears) {
    public FrozenLinear linear(Fused fused) {
        FrozenLinear linear = linears.get(fused);
        if (linear == null) throw new IllegalStateException("a block has every linear, " + fused + " is missing");
        return linear;
    }
}
