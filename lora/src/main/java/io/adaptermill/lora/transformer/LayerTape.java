package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.SequenceGroup;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a block's forward leaves for its backward; all else (norms, attention weights, the gated product) is
/// computed anew, because that costs less than keeping it.
///
/// Where nothing is kept, one tape serves all layers in turn.
final class LayerTape {
    /// Residual after attention, `[T, D]` float32.
    final Tensor middle;
    /// What the block leaves pending, `[T, D]`: `middle + output` is the next one's [Entry].
    final Tensor output;
    /// Inverse root mean squares of the residual at the block's entry and after attention, `[T]` float32.
    final Tensor entryScale;

    final Tensor middleScale;
    /// Attention's output, `[T, heads · headDim]`.
    final Tensor attended;
    /// Gate and up, `[T, 2F]`.
    final Tensor gateUp;
    /// Queries, keys and values before the norms of their heads, where the model has them.
    final Optional<Tensor> projected;

    final List<Heads> heads = new ArrayList<>();
    private final Map<Fused, List<LowRankLinear.Kept>> kept = new EnumMap<>(Fused.class);

    /// Queries, keys and values of one group, turned, in the batched layout.
    record Heads(Tensor q, Tensor k, Tensor v) {}

    LayerTape(ModelConfig config, TokenBatch batch, Precision precision, Workspace memory) {
        int rows = batch.rows();
        middle = memory.tensor(Precision.F32, rows, config.hidden());
        output = memory.tensor(precision, rows, config.hidden());
        entryScale = memory.tensor(Precision.F32, 1, rows);
        middleScale = memory.tensor(Precision.F32, 1, rows);
        attended = memory.tensor(precision, rows, config.heads() * config.headDim());
        gateUp = memory.tensor(precision, rows, 2 * config.intermediate());
        projected = config.has(ModelConfig.Feature.QK_NORM)
                ? Optional.of(memory.tensor(precision, rows, Fused.QKV.out(config)))
                : Optional.empty();
        for (SequenceGroup group : batch.groups()) heads.add(heads(config, group, precision, memory));
    }

    /// @param applications one for each tenant of the pass
    void keep(Fused fused, List<LowRankLinear.Kept> applications) {
        kept.put(fused, applications);
    }

    List<LowRankLinear.Kept> kept(Fused fused) {
        return kept.getOrDefault(fused, List.of());
    }

    static Heads heads(ModelConfig config, SequenceGroup group, Precision precision, Workspace memory) {
        long batches = (long) group.sequences() * config.headsKv();
        long queries = (long) group.padded() * (config.heads() / config.headsKv());
        return new Heads(
                memory.tensor(precision, batches, queries, config.headDim()),
                memory.tensor(precision, batches, group.padded(), config.headDim()),
                memory.tensor(precision, batches, group.padded(), config.headDim()));
    }
}
