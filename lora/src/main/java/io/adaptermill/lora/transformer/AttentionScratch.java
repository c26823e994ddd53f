package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.SequenceGroup;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What attention needs only while it runs; one serves all layers of a batch.
final class AttentionScratch {
    private final List<Group> groups = new ArrayList<>();

    /// @param weights and scores `[N·K, G·S, S]`; next to nothing where there are tiles
    /// @param output `[N·K, G·S, d]`
    /// @param gradients of q, k and v
    /// @param tiles for long sequences
    record Group(
            Tensor weights,
            Tensor scores,
            Tensor output,
            LayerTape.Heads gradients,
            Optional<TiledAttention.Scratch> tiles) {}

    /// @param tiledFrom padded length from which on groups go in tiles
    AttentionScratch(ModelConfig config, TokenBatch batch, Precision precision, int tiledFrom, Workspace memory) {
        for (SequenceGroup group : batch.groups()) {
            long batches = (long) group.sequences() * config.headsKv();
            long queries = (long) group.padded() * (config.heads() / config.headsKv());
            boolean tiled = group.padded() >= tiledFrom;
            groups.add(new Group(
                    memory.tensor(precision, tiled ? 1 : batches, tiled ? 1 : queries, group.padded()),
                    memory.tensor(precision, tiled ? 1 : batches, tiled ? 1 : queries, group.padded()),
                    memory.tensor(precision, batches, queries, config.headDim()),
                    LayerTape.heads(config, group, precision, memory),
                    tiled
                            ? Optional.of(new TiledAttention.Scratch(config, group, precision, memory))
                            : Optional.empty()));
        }
    }

    Group group(int index) {
        return groups.get(index);
    }
}
