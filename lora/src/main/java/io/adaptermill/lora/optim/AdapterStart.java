package io.adaptermill.lora.optim;

import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;

/// What a new adapter starts from: A uniform in ±1/√in (Kaiming with a = √5, as in PEFT), B zero, so that it
/// changes nothing yet.
public final class AdapterStart {
    private AdapterStart() {}

    /// @param parameters all zero; every A is drawn by its module's path, so that no module's numbers depend on
    /// another's
    public static void draw(AdapterParameters parameters, long seed) {
        Tensor values = parameters.values();
        for (AdapterLayout.Slot slot : parameters.layout().slots()) {
            CounterRandom random = new CounterRandom(seed, slot.path() + ".lora_A");
            float bound = (float) (1 / Math.sqrt(slot.in()));
            for (int i = 0; i < slot.rank() * slot.in(); i++) {
                values.set(slot.a() + i, bound * random.symmetric(i));
            }
        }
    }
}
