package io.adaptermill.lora.generate;

import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/// One block of the base: linears as the checkpoint keeps them, norms in float32.
record BlockWeights(Map<Linear, FrozenTensor> linears, float[] attentionNorm, float[] feedForwardNorm) {
    static BlockWeights of(Checkpoint checkpoint, int layer) {
        Map<Linear, FrozenTensor> linears = new EnumMap<>(Linear.class);
        for (Linear linear : Linear.values()) linears.put(linear, checkpoint.tensor(Checkpoint.weight(linear, layer)));
        return new BlockWeights(
                linears,
                vector(checkpoint.tensor(Checkpoint.attentionNorm(layer))),
                vector(checkpoint.tensor(Checkpoint.feedForwardNorm(layer))));
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
