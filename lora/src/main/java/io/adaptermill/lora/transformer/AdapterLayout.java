package io.adaptermill.lora.transformer;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/// Where each factor of an adapter lies in one flat array of float32, so that an optimizer step is one pass.
///
/// Order: layer by layer, linears in the order of [Linear], A `[r, in]` before B `[out, r]`.
public final class AdapterLayout {
    private final ModelConfig model;
    private final LoraConfig lora;
    private final List<Slot> slots = new ArrayList<>();
    private final long size;

    /// @throws IllegalArgumentException if a target is not one of the seven linears
    public AdapterLayout(ModelConfig model, LoraConfig lora) {
        this.model = model;
        this.lora = lora;
        requireKnown(lora);
        long at = 0;
        for (int layer = 0; layer < model.layers(); layer++) {
            for (Linear linear : Linear.values()) {
                if (!lora.targets().contains(linear.target())) continue;
                Slot slot = new Slot(layer, linear, linear.in(model), linear.out(model), lora.rank(), at);
                slots.add(slot);
                at = slot.end();
            }
        }
        size = at;
    }

    /// One module's place.
    public record Slot(int layer, Linear linear, int in, int out, int rank, long a) {
        public String path() {
            return linear.path(layer);
        }

        /// First element of B.
        public long b() {
            return a + (long) rank * in;
        }

        public long end() {
            return b() + (long) out * rank;
        }
    }

    public ModelConfig model() {
        return model;
    }

    public LoraConfig lora() {
        return lora;
    }

    public List<Slot> slots() {
        return slots;
    }

    /// Numbers in the flat array.
    public long size() {
        return size;
    }

    /// The modules of one fused linear that carry an update, in the order of its parts; may be empty.
    public List<Slot> slots(int layer, Fused fused) {
        return slots.stream()
                .filter(slot -> slot.layer() == layer && fused.parts().contains(slot.linear()))
                .toList();
    }

    private static void requireKnown(LoraConfig lora) {
        List<String> known =
                List.of(Linear.values()).stream().map(Linear::target).toList();
        for (String target : lora.targets()) {
            if (!known.contains(target)) {
                throw new IllegalArgumentException("a target must be one of " + known + ", was " + target);
            }
        }
    }
}
