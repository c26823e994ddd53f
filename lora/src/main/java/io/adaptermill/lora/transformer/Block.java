package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Bias;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.RmsNorm;
import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.SwiGlu;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;

/// One pre-norm block: `x₁ = x + o(attention(norm(x)))`, `x₂ = x₁ + down(silu(gate(norm(x₁))) ⊙ up(norm(x₁)))`.
///
/// The sums with the residual are fused with the norm that follows, so a block ends with its last linear's
/// output *pending*: the next block, or the head, adds it.
final class Block {
    private final ModelConfig config;
    private final Kernels kernels;
    private final Attention attention;
    private final WeightScratch weights;

    Block(ModelConfig config, Kernels kernels, Attention attention, WeightScratch weights) {
        this.config = config;
        this.kernels = kernels;
        this.attention = attention;
        this.weights = weights;
    }

    /// What every block of a batch shares.
    ///
    /// @param entry `[T, D]` float32, for the sums of [Entry]
    /// @param normed `[T, D]`
    /// @param qkv `[T, (heads + 2 headsKv) · headDim]`
    /// @param gated `[T, F]`
    /// @param memory for what the tape keeps
    record Buffers(
            TokenBatch batch,
            Rotary rotary,
            Tensor entry,
            Tensor normed,
            Tensor qkv,
            Tensor gated,
            AttentionScratch attention,
            Workspace memory) {}

    /// The block's weights and updates.
    record Part(int index, FrozenLayer frozen, Updates updates) {}

    /// @param tape overwritten; may be the one that the entry's parts lie in
    void forward(Part part, Entry entry, LayerTape tape, Buffers buffers) {
        FrozenLayer frozen = part.frozen();
        entry.norm(kernels, frozen.attentionNorm(), config.normEps(), tape.entryScale, buffers.normed());
        Tensor projected = tape.projected.orElse(buffers.qkv());
        linear(part, Fused.QKV, buffers.normed(), projected, tape, buffers.memory());
        frozen.headNorms().ifPresent(norms -> norms.forward(kernels, projected, buffers.qkv()));
        attention.forward(buffers.batch(), buffers.rotary(), buffers.qkv(), tape, buffers.attention());
        linear(part, Fused.O, tape.attended, tape.output, tape, buffers.memory());
        RmsNorm.addThenNorm(
                kernels,
                entry.sum(),
                tape.output,
                frozen.feedForwardNorm(),
                config.normEps(),
                tape.middle,
                tape.middleScale,
                buffers.normed());
        linear(part, Fused.GATE_UP, buffers.normed(), tape.gateUp, tape, buffers.memory());
        SwiGlu.forward(kernels, tape.gateUp, buffers.gated());
        linear(part, Fused.DOWN, buffers.gated(), tape.output, tape, buffers.memory());
    }

    private void linear(Part part, Fused fused, Tensor x, Tensor y, LayerTape tape, Workspace memory) {
        FrozenLinear frozen = part.frozen().linear(fused);
        Tensor weight = weights.widen(kernels, frozen);
        LowRankLinear.frozen(kernels, weight, x, y);
        tape.keep(fused, part.updates().add(kernels, part.index(), fused, weight, x, y, memory));
        frozen.bias().ifPresent(bias -> Bias.add(kernels, bias, y));
    }
}
