package io.adaptermill.lora.model;

/// The seven linear layers of a block: their paths, and their shapes `[out, in]` under a configuration.
public enum Linear {
    Q("self_attn.q_proj"),
    K("self_attn.k_proj"),
    V("self_attn.v_proj"),
    O("self_attn.o_proj"),
    GATE("mlp.gate_proj"),
    UP("mlp.up_proj"),
    DOWN("mlp.down_proj");

    private final String path;

    Linear(String path) {
        this.path = path;
    }

    /// The path in a model, such as `model.layers.3.self_attn.q_proj`; its weight is there with `.weight` added.
    public String path(int layer) {
        return "model.layers." + layer + "." + path;
    }

    /// The last segment, as PEFT's `target_modules` has it, such as `q_proj`.
    public String target() {
        return path.substring(path.indexOf('.') + 1);
    }

    public int out(ModelConfig config) {
        return switch (this) {
            case Q -> config.heads() * config.headDim();
            case K, V -> config.headsKv() * config.headDim();
            case O, DOWN -> config.hidden();
            case GATE, UP -> config.intermediate();
        };
    }

    public int in(ModelConfig config) {
        return switch (this) {
            case Q, K, V, GATE, UP -> config.hidden();
            case O -> config.heads() * config.headDim();
            case DOWN -> config.intermediate();
        };
    }

    /// Whether the configuration says that this layer has a bias vector.
    public boolean hasBias(ModelConfig config) {
        return switch (this) {
            case Q, K, V -> config.has(ModelConfig.Feature.QKV_BIAS);
            case O -> config.has(ModelConfig.Feature.OUTPUT_BIAS);
            case GATE, UP, DOWN -> config.has(ModelConfig.Feature.MLP_BIAS);
        };
    }
}
