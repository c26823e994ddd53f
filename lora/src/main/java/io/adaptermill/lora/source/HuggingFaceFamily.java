package io.adaptermill.lora.source;

import static io.adaptermill.lora.model.ModelConfig.Feature.MLP_BIAS;
import static io.adaptermill.lora.model.ModelConfig.Feature.OUTPUT_BIAS;
import static io.adaptermill.lora.model.ModelConfig.Feature.QKV_BIAS;
import static io.adaptermill.lora.model.ModelConfig.Feature.QK_NORM;
import static io.adaptermill.lora.model.ModelConfig.Feature.TIED_EMBEDDINGS;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.model.ModelConfig.Feature;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a folder's `model_type` means beyond the values in its configuration.
enum HuggingFaceFamily {
    LLAMA(
            "LlamaForCausalLM",
            Set.of(),
            Map.of("attention_bias", Set.of(QKV_BIAS, OUTPUT_BIAS), "mlp_bias", Set.of(MLP_BIAS))),
    MISTRAL("MistralForCausalLM", Set.of(), Map.of()),
    QWEN2("Qwen2ForCausalLM", Set.of(QKV_BIAS), Map.of()),
    QWEN3("Qwen3ForCausalLM", Set.of(QK_NORM), Map.of("attention_bias", Set.of(QKV_BIAS, OUTPUT_BIAS)));

    private final String architecture;
    private final Set<Feature> always;
    private final Map<String, Set<Feature>> flags;

    HuggingFaceFamily(String architecture, Set<Feature> always, Map<String, Set<Feature>> flags) {
        this.architecture = architecture;
        this.always = always;
        this.flags = flags;
    }

    /// @throws io.adaptermill.artifacts.MalformedFile if it is none of these, or no plain language model of it
    static HuggingFaceFamily of(JsonFile config) {
        String type = config.root().path("model_type").asText();
        for (HuggingFaceFamily family : values()) {
            if (!family.name().toLowerCase(Locale.ROOT).equals(type)) continue;
            for (JsonNode architecture : config.root().path("architectures")) {
                if (architecture.asText().equals(family.architecture)) continue;
                throw config.unsupported("architectures must be " + family.architecture + ", has " + architecture);
            }
            return family;
        }
        throw config.unsupported("model_type must be llama, mistral, qwen2 or qwen3, was \"" + type + "\"");
    }

    Set<Feature> features(JsonFile config) {
        EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
        features.addAll(always);
        if (config.flag("tie_word_embeddings", false)) features.add(TIED_EMBEDDINGS);
        flags.forEach((key, added) -> {
            if (config.flag(key, false)) features.addAll(added);
        });
        return features;
    }

    /// Qwen3's heads are as wide as their own default where the configuration is silent, so it must not be.
    int headDim(JsonFile config, int otherwise) {
        return this == QWEN3
                ? config.positive("head_dim")
                : config.findPositive("head_dim").orElse(otherwise);
    }
}
