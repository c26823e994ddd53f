package io.adaptermill.lora.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.model.ModelConfig;

/// Reads a `config.json`; refuses what the transformer would silently compute wrong.
final class HuggingFaceConfig {
    private static final int CONTEXT_DEFAULT = 2048;
    private static final double NORM_EPS_DEFAULT = 1e-6;

    private HuggingFaceConfig() {}

    static ModelConfig read(JsonFile config) {
        HuggingFaceFamily family = HuggingFaceFamily.of(config);
        requirePlain(config);
        int hidden = config.positive("hidden_size");
        int heads = config.positive("num_attention_heads");
        try {
            HuggingFaceRope rope = HuggingFaceRope.read(config);
            return new ModelConfig(
                    config.positive("vocab_size"),
                    config.positive("num_hidden_layers"),
                    hidden,
                    config.positive("intermediate_size"),
                    heads,
                    config.findPositive("num_key_value_heads").orElse(heads),
                    family.headDim(config, hidden / heads),
                    context(config),
                    rope.theta(),
                    rope.scaling(),
                    config.findReal("rms_norm_eps").orElse(NORM_EPS_DEFAULT),
                    family.features(config));
        } catch (MalformedFile e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw config.malformed("the configuration contradicts itself: " + e.getMessage());
        }
    }

    /// Up to its window, sliding attention is full attention, and nothing here runs beyond the context.
    private static int context(JsonFile config) {
        int positions = config.findPositive("max_position_embeddings").orElse(CONTEXT_DEFAULT);
        boolean sliding = config.flag("use_sliding_window", true);
        return sliding
                ? Math.min(positions, config.findPositive("sliding_window").orElse(positions))
                : positions;
    }

    private static void requirePlain(JsonFile config) {
        String activation = config.root().path("hidden_act").asText("silu");
        if (!activation.equals("silu")) throw config.unsupported("hidden_act must be silu, was " + activation);
        if (!config.root().path("quantization_config").isMissingNode()) {
            throw config.malformed(
                    "the folder is quantised already; use the original 16- or 32-bit model, or a GGUF file");
        }
        if (config.root().has("auto_map")) {
            throw config.unsupported("the model brings code of its own (auto_map), which is not run");
        }
        for (JsonNode layer : config.root().path("layer_types")) {
            String type = layer.asText();
            if (!type.equals("full_attention") && !type.equals("sliding_attention")) {
                throw config.unsupported(
                        "layer_types must be full_attention or sliding_attention, one is \"" + type + "\"");
            }
        }
    }
}
