package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.SequenceGroup;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/// What attention needs only while it runs; one serves all layers of a batch.
final class AttentionScratch {
    private final List<Group> groups = new ArrayList<>();

    /// @param weights and scores `[N·K, G·S, S]`
    /// @param output `[N·K, G·S, d]`
    /// @param gradients of q, k and v
    record Group(Tensor weights, Tensor scores, Tensor output, LayerTape.Heads gradients) {}

    AttentionScratch(ModelConfig config, TokenBatch batch, Precision precision, Workspace memory) {
        for (SequenceGroup group : batch.groups()) {
            long batches = (long) group.sequences() * config.headsKv();
            long queries = (long) group.padded() * (config.heads() / config.headsKv());
            groups.add(new Group(
                    memory.tensor(precision, batches, queries, group.padded()),
                    memory.tensor(precision, batches, queries, group.padded()),
                    memory.tensor(precision, batches, queries, config.headDim()),
                    LayerTape.heads(config, group, precision, memory)));
        }
    }

    Group group(int index) {
        return groups.get(index);
    }
}
