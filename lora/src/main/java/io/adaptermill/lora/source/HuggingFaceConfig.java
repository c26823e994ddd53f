package io.adaptermill.lora.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.model.ModelConfig.Feature;
import java.util.EnumSet;
import java.util.Set;

/// Reads a `config.json`; refuses what the transformer would silently compute wrong.
final class HuggingFaceConfig {
    private static final double ROPE_THETA_DEFAULT = 10_000;
    private static final int CONTEXT_DEFAULT = 2048;

    private HuggingFaceConfig() {}

    static ModelConfig read(JsonFile config) {
        String type = config.root().path("model_type").asText();
        requirePlain(config);
        int hidden = config.positive("hidden_size");
        int heads = config.positive("num_attention_heads");
        try {
            return new ModelConfig(
                    config.positive("vocab_size"),
                    config.positive("num_hidden_layers"),
                    hidden,
                    config.positive("intermediate_size"),
                    heads,
                    config.findPositive("num_key_value_heads").orElse(heads),
                    config.findPositive("head_dim").orElse(hidden / heads),
                    context(config),
                    ropeTheta(config),
                    config.root().path("rms_norm_eps").asDouble(1e-6),
                    features(config, type));
        } catch (MalformedFile e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw config.malformed("the configuration contradicts itself: " + e.getMessage());
        }
    }

    private static Set<Feature> features(JsonFile config, String type) {
        EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
        if (config.flag("tie_word_embeddings", false)) features.add(Feature.TIED_EMBEDDINGS);
        switch (type) {
            case "llama" -> {
                if (config.flag("attention_bias", false)) {
                    features.add(Feature.QKV_BIAS);
                    features.add(Feature.OUTPUT_BIAS);
                }
                if (config.flag("mlp_bias", false)) features.add(Feature.MLP_BIAS);
            }
            case "mistral" -> {}
            case "qwen2" -> features.add(Feature.QKV_BIAS);
            case "qwen3" -> {
                features.add(Feature.QK_NORM);
                if (config.flag("attention_bias", false)) {
                    features.add(Feature.QKV_BIAS);
                    features.add(Feature.OUTPUT_BIAS);
                }
            }
            default ->
                throw config.malformed("model_type must be llama, mistral, qwen2 or qwen3, was \"" + type + "\"");
        }
        return features;
    }

    /// Up to its window, sliding attention is full attention.
    private static int context(JsonFile config) {
        int positions = config.findPositive("max_position_embeddings").orElse(CONTEXT_DEFAULT);
        boolean sliding = config.flag("use_sliding_window", true);
        return sliding
                ? Math.min(positions, config.findPositive("sliding_window").orElse(positions))
                : positions;
    }

    /// Since transformers 5 the base stands among `rope_parameters`.
    private static double ropeTheta(JsonFile config) {
        JsonNode nested = config.root().path("rope_parameters").path("rope_theta");
        return nested.isNumber()
                ? nested.doubleValue()
                : config.root().path("rope_theta").asDouble(ROPE_THETA_DEFAULT);
    }

    private static void requirePlain(JsonFile config) {
        String activation = config.root().path("hidden_act").asText("silu");
        if (!activation.equals("silu")) throw config.malformed("hidden_act must be silu, was " + activation);
        for (String key : new String[] {"rope_scaling", "rope_parameters"}) {
            JsonNode scaling = config.root().path(key);
            String kind = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
            if (!kind.equals("default")) throw config.malformed(key + " must be default, " + kind + " is not known");
        }
        if (config.root().has("quantization_config")) {
            throw config.malformed(
                    "the folder is quantised already; use the original 16- or 32-bit model, or a GGUF file");
        }
        if (config.root().has("partial_rotary_factor")
                && config.root().path("partial_rotary_factor").asDouble() != 1) {
            throw config.malformed("partial rotary positions are not known");
        }
    }
}
