package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import java.util.EnumMap;
import java.util.Map;

/// One thread's place for the weight that is in use: all linears share the same few megabytes, which stay in
/// the cache.
public final class WeightScratch {
    private final Map<Fused, Tensor> weights = new EnumMap<>(Fused.class);

    /// @param memory that is not reset while this scratch is in use
    public WeightScratch(Workspace memory, ModelConfig config, Precision precision) {
        long largest = 0;
        for (Fused fused : Fused.values()) largest = Math.max(largest, (long) fused.out(config) * fused.in(config));
        Tensor shared = memory.tensor(precision, 1, largest);
        for (Fused fused : Fused.values()) {
            weights.put(fused, memory.view(shared, 0, fused.out(config), fused.in(config)));
        }
    }

    /// The weight as plain numbers, valid until the next call.
    public Tensor widen(Kernels kernels, FrozenLinear linear) {
        if (linear.widened().isPresent()) return linear.widened().get();
        Tensor weight = weights.get(linear.fused());
        if (weight == null) throw new IllegalStateException("no scratch for " + linear.fused());
        linear.widen(kernels, weight);
        return weight;
    }
}
