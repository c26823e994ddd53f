package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Bias;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.RmsNorm;
import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.SwiGlu;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import java.util.Optional;

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
    /// @param normed `[T, D]`
    /// @param qkv `[T, (heads + 2 headsKv) · headDim]`
    /// @param gated `[T, F]`
    /// @param memory for what the tape keeps
    record Buffers(
            TokenBatch batch,
            Rotary rotary,
            Tensor normed,
            Tensor qkv,
            Tensor gated,
            AttentionScratch attention,
            Workspace memory) {}

    /// The block's weights and updates.
    record Part(int index, FrozenLayer frozen, Updates updates) {}

    /// @param before residual that enters, or that the previous block left in the middle
    /// @param pending what is to be added to it first, absent for the first block
    /// @param output overwritten with what this block leaves pending; may be `pending` itself
    void forward(Part part, Tensor before, Optional<Tensor> pending, Tensor output, LayerTape tape, Buffers buffers) {
        FrozenLayer frozen = part.frozen();
        enter(frozen, before, pending, tape, buffers);
        Tensor projected = tape.projected.orElse(buffers.qkv());
        linear(part, Fused.QKV, buffers.normed(), projected, tape, buffers.memory());
        frozen.headNorms().ifPresent(norms -> norms.forward(kernels, projected, buffers.qkv()));
        attention.forward(buffers.batch(), buffers.rotary(), buffers.qkv(), tape, buffers.attention());
        linear(part, Fused.O, tape.attended, output, tape, buffers.memory());
        RmsNorm.addThenNorm(
                kernels,
                tape.entry,
                output,
                frozen.feedForwardNorm(),
                config.normEps(),
                tape.middle,
                tape.middleScale,
                buffers.normed());
        linear(part, Fused.GATE_UP, buffers.normed(), tape.gateUp, tape, buffers.memory());
        SwiGlu.forward(kernels, tape.gateUp, buffers.gated());
        linear(part, Fused.DOWN, buffers.gated(), output, tape, buffers.memory());
    }

    private void enter(FrozenLayer frozen, Tensor before, Optional<Tensor> pending, LayerTape tape, Buffers buffers) {
        if (pending.isPresent()) {
            RmsNorm.addThenNorm(
                    kernels,
                    before,
                    pending.get(),
                    frozen.attentionNorm(),
                    config.normEps(),
                    tape.entry,
                    tape.entryScale,
                    buffers.normed());
        } else {
            tape.entry.memory().copyFrom(before.memory());
            RmsNorm.norm(
                    kernels, tape.entry, frozen.attentionNorm(), config.normEps(), tape.entryScale, buffers.normed());
        }
    }

    private void linear(Part part, Fused fused, Tensor x, Tensor y, LayerTape tape, Workspace memory) {
        FrozenLinear frozen = part.frozen().linear(fused);
        Tensor weight = weights.widen(kernels, frozen);
        LowRankLinear.frozen(kernels, weight, x, y);
        tape.keep(fused, part.updates().add(kernels, part.index(), fused, weight, x, y, memory));
        frozen.bias().ifPresent(bias -> Bias.add(kernels, bias, y));
    }
}
