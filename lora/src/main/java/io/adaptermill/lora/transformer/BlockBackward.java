package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.RmsNorm;
import io.adaptermill.lora.kernel.SwiGlu;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;

/// The backward of one [Block], from the gradient of its output to that of its input; adds up the update's
/// gradients.
final class BlockBackward {
    private final Kernels kernels;
    private final Attention attention;
    private final WeightScratch weights;

    BlockBackward(Kernels kernels, Attention attention, WeightScratch weights) {
        this.kernels = kernels;
        this.attention = attention;
        this.weights = weights;
    }

    /// What every block's backward of a batch shares.
    ///
    /// @param residual gradient of the residual, `[T, D]` float32; each block makes its input's of its output's
    /// @param low the same in the kernels' precision
    /// @param normed gradient of a norm's output, `[T, D]`
    /// @param gated gradient of the gated product, `[T, F]`
    /// @param gateUp gradient of gate and up, `[T, 2F]`
    /// @param qkv gradient of q, k and v, packed
    /// @param passing memory for one layer, taken back after each
    record Gradients(
            Tensor residual,
            Tensor low,
            Tensor normed,
            Tensor gated,
            Tensor gateUp,
            Tensor attended,
            Tensor qkv,
            Workspace passing) {}

    /// @param entry of the block's forward
    void backward(Block.Part part, Entry entry, LayerTape tape, Block.Buffers buffers, Gradients gradients) {
        feedForward(part, tape, buffers, gradients);
        attend(part, entry, tape, buffers, gradients);
        gradients.passing().reset();
    }

    private void feedForward(Block.Part part, LayerTape tape, Block.Buffers buffers, Gradients d) {
        Updates.Backward down = frozen(part, Fused.DOWN, tape, d.low(), d.gated(), d.passing());
        down.addInput(d.gated());
        SwiGlu.backward(kernels, tape.gateUp, d.gated(), d.gateUp(), buffers.gated());
        down.addGradient(buffers.gated());

        Updates.Backward gateUp = frozen(part, Fused.GATE_UP, tape, d.gateUp(), d.normed(), d.passing());
        Tensor norm = part.frozen().feedForwardNorm();
        if (!gateUp.isEmpty()) {
            RmsNorm.again(kernels, tape.middle, tape.middleScale, norm, buffers.normed());
            gateUp.add(d.normed(), buffers.normed());
        }
        RmsNorm.backward(kernels, d.normed(), tape.middle, tape.middleScale, norm, d.residual(), d.low());
    }

    private void attend(Block.Part part, Entry entry, LayerTape tape, Block.Buffers buffers, Gradients d) {
        frozen(part, Fused.O, tape, d.low(), d.attended(), d.passing()).add(d.attended(), tape.attended);
        attention.backward(buffers.batch(), buffers.rotary(), d.attended(), tape, buffers.attention(), d.qkv());
        part.frozen().headNorms().ifPresent(norms -> norms.backward(kernels, tape.projected.orElseThrow(), d.qkv()));
        Tensor norm = part.frozen().attentionNorm();
        boolean first = part.index() == 0;
        Updates.Backward qkv = first
                ? update(part, Fused.QKV, tape, d.qkv(), d.passing())
                : frozen(part, Fused.QKV, tape, d.qkv(), d.normed(), d.passing());
        entry.again(kernels, tape.entryScale, norm, buffers.normed());
        if (first) qkv.addGradient(buffers.normed());
        else qkv.add(d.normed(), buffers.normed());
        if (first) return; // nothing below the first block is trained
        RmsNorm.backward(kernels, d.normed(), entry.sum(), tape.entryScale, norm, d.residual(), d.low());
    }

    /// Begins a linear's backward and takes it through the frozen weight.
    private Updates.Backward frozen(
            Block.Part part, Fused fused, LayerTape tape, Tensor dy, Tensor dx, Workspace passing) {
        Updates.Backward backward = update(part, fused, tape, dy, passing);
        Tensor weight = weights.widen(kernels, part.frozen().linear(fused));
        LowRankLinear.frozenInput(kernels, weight, backward.dz(), dx);
        return backward;
    }

    private Updates.Backward update(Block.Part part, Fused fused, LayerTape tape, Tensor dy, Workspace passing) {
        return part.updates().backward(kernels, part.index(), fused, tape.kept(fused), dy, passing);
    }
}
