package io.adaptermill.lora.generate;

import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// One block of the base: linears as the checkpoint keeps them, the rest in float32.
///
/// @param biases of the linears that have one, `[out]`
/// @param headNorms of queries and keys, where the model has them
record BlockWeights(
        Map<Linear, FrozenTensor> linears,
        Map<Linear, float[]> biases,
        Optional<HeadNorms> headNorms,
        float[] attentionNorm,
        float[] feedForwardNorm) {

    /// Weights of the norms of single heads, `[headDim]`.
    record HeadNorms(float[] query, float[] key) {
        static HeadNorms of(Checkpoint checkpoint, int layer) {
            return new HeadNorms(
                    vector(checkpoint.tensor(Checkpoint.queryNorm(layer))),
                    vector(checkpoint.tensor(Checkpoint.keyNorm(layer))));
        }
    }

    static BlockWeights of(Checkpoint checkpoint, int layer) {
        ModelConfig config = checkpoint.config();
        Map<Linear, FrozenTensor> linears = new EnumMap<>(Linear.class);
        Map<Linear, float[]> biases = new EnumMap<>(Linear.class);
        for (Linear linear : Linear.values()) {
            linears.put(linear, checkpoint.tensor(Checkpoint.weight(linear, layer)));
            if (!linear.hasBias(config)) continue;
            biases.put(linear, vector(checkpoint.tensor(Checkpoint.bias(linear, layer))));
        }
        return new BlockWeights(
                linears,
                biases,
                config.has(ModelConfig.Feature.QK_NORM)
                        ? Optional.of(HeadNorms.of(checkpoint, layer))
                        : Optional.empty(),
                vector(checkpoint.tensor(Checkpoint.attentionNorm(layer))),
                vector(checkpoint.tensor(Checkpoint.feedForwardNorm(layer))));
    }

    Optional<float[]> bias(Linear linear) {
        return Optional.ofNullable(biases.get(linear));
    }

    FrozenTensor linear(Linear linear) {
        FrozenTensor tensor = linears.get(linear);
        if (tensor == null) throw new IllegalStateException("a block must have all linears, lacks " + linear);
        return tensor;
    }

    static float[] vector(FrozenTensor tensor) {
        float[] values = new float[tensor.rows() * tensor.columns()];
        tensor.readFloats(0, tensor.rows(), MemorySegment.ofArray(values), 0);
        return values;
    }
}
