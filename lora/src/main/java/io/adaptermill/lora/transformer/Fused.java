package io.adaptermill.lora.transformer;

import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import java.util.List;

/// Linears of a block that read the same input and so are one product.
public enum Fused {
    QKV(List.of(Linear.Q, Linear.K, Linear.V)),
    O(List.of(Linear.O)),
    GATE_UP(List.of(Linear.GATE, Linear.UP)),
    DOWN(List.of(Linear.DOWN));

    private final List<Linear> parts;

    Fused(List<Linear> parts) {
        this.parts = parts;
    }

    /// The linears whose rows are stacked, in order.
    public List<Linear> parts() {
        return parts;
    }

    public int out(ModelConfig config) {
        return parts.stream().mapToInt(part -> part.out(config)).sum();
    }

    public int in(ModelConfig config) {
        return parts.getFirst().in(config);
    }
}
