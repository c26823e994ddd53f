package io.adaptermill.lora.variant;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.Fused;

/// The frozen weights below an adapter, read as float32, for methods that look at them.
public final class BaseWeights {
    private final FrozenDecoder base;
    private final Kernels kernels;

    public BaseWeights(FrozenDecoder base, Kernels kernels) {
        this.base = base;
        this.kernels = kernels;
    }

    Kernels kernels() {
        return kernels;
    }

    /// @return `[out, in]`, in `memory`
    public Tensor read(Slot slot, Workspace memory) {
        Tensor weight = memory.tensor(Precision.F32, slot.out(), slot.in());
        FrozenTensor stored = stored(slot);
        kernels.rows().run(slot.out(), slot.in(), (from, to) -> {
            stored.readFloats(from, to, weight.memory(), (long) from * slot.in() * Float.BYTES);
        });
        return weight;
    }

    private FrozenTensor stored(Slot slot) {
        for (Fused fused : Fused.values()) {
            int part = fused.parts().indexOf(slot.linear());
            if (part >= 0) return base.layer(slot.layer()).linear(fused).parts().get(part);
        }
        throw new IllegalStateException("no linear of a block is " + slot.linear());
    }
}
