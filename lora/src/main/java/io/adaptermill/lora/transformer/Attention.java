package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.CausalSoftmax;
import io.adaptermill.lora.kernel.Heads;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Products;
import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.SequenceGroup;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;

/// Grouped-query attention over packed sequences: `o = softmax(q kᵀ / √d) v`, causal, each sequence by itself.
///
/// All query heads of a key head are one matrix, so keys and values are never copied, and the sums of their
/// gradients over a group come out of the product. The weights are recomputed in the backward: they grow with
/// the square of the length.
final class Attention {
    /// Where the weights of a head begin to take more memory than all else of a layer.
    private static final int TILED_FROM = 512;

    private final ModelConfig config;
    private final Kernels kernels;
    private final Heads heads;
    private final CausalSoftmax softmax;
    private final TiledAttention tiled;
    private final int tiledFrom;

    Attention(ModelConfig config, Kernels kernels) {
        this(config, kernels, TILED_FROM);
    }

    /// @param tiledFrom padded length from which on weights are never held all at once
    Attention(ModelConfig config, Kernels kernels, int tiledFrom) {
        this.tiledFrom = tiledFrom;
        this.config = config;
        this.kernels = kernels;
        heads = new Heads(config.heads(), config.headsKv(), config.headDim());
        softmax = new CausalSoftmax(config.heads(), config.headsKv(), 1 / Math.sqrt(config.headDim()));
        tiled = new TiledAttention(config, kernels, softmax);
    }

    /// @param qkv `[T, (heads + 2 headsKv) · headDim]`
    /// @param tape takes q, k, v and the packed output
    /// @param scratch free again afterwards
    void forward(TokenBatch batch, Rotary rotary, Tensor qkv, LayerTape tape, AttentionScratch scratch) {
        Products products = kernels.products();
        for (int i = 0; i < batch.groups().size(); i++) {
            SequenceGroup group = batch.groups().get(i);
            LayerTape.Heads h = tape.heads.get(i);
            AttentionScratch.Group s = scratch.group(i);
            heads.split(kernels, group, rotary, qkv, h.q(), h.k(), h.v());
            if (s.tiles().isPresent()) {
                tiled.forward(group, h, s.tiles().get(), s.output());
            } else {
                weights(group, h, s.weights());
                products.batchNn(s.weights(), h.v(), s.output());
            }
            heads.pack(kernels, group, s.output(), tape.attended);
        }
        batch.clearPadding(tape.attended);
    }

    /// @param dOutput gradient of the packed output
    /// @param dqkv takes the gradient of qkv
    void backward(
            TokenBatch batch, Rotary rotary, Tensor dOutput, LayerTape tape, AttentionScratch scratch, Tensor dqkv) {
        Products products = kernels.products();
        for (int i = 0; i < batch.groups().size(); i++) {
            SequenceGroup group = batch.groups().get(i);
            LayerTape.Heads h = tape.heads.get(i);
            AttentionScratch.Group s = scratch.group(i);
            LayerTape.Heads d = s.gradients();
            heads.batch(kernels, group, dOutput, s.output());
            if (s.tiles().isPresent()) {
                tiled.backward(group, h, s.tiles().get(), s.output(), d);
            } else {
                weights(group, h, s.weights());
                products.batchTn(s.weights(), s.output(), d.v());
                products.batchNt(s.output(), h.v(), s.scores());
                softmax.backward(kernels, group, s.weights(), s.scores());
                products.batchNn(s.scores(), h.k(), d.q());
                products.batchTn(s.scores(), h.q(), d.k());
            }
            heads.join(kernels, group, rotary, d.q(), d.k(), d.v(), dqkv);
        }
        batch.clearPadding(dqkv);
    }

    AttentionScratch scratch(TokenBatch batch, Workspace memory) {
        return new AttentionScratch(config, batch, kernels.precision(), tiledFrom, memory);
    }

    private void weights(SequenceGroup group, LayerTape.Heads h, Tensor weights) {
        kernels.products().batchNt(h.q(), h.k(), weights);
        softmax.forward(kernels, group, weights);
    }
}
