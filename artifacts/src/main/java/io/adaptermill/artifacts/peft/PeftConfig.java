package io.adaptermill.artifacts.peft;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.artifacts.LoraConfig;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/// `adapter_config.json`: the fields that every released PEFT understands, in alphabetical order as PEFT writes them.
public final class PeftConfig {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    private PeftConfig() {}

    /// @param base what `base_model_name_or_path` says: the fingerprint of the model that the adapter belongs to
    public static byte[] write(LoraConfig config, String base) {
        ObjectNode json = JSON.createObjectNode();
        json.putObject("alpha_pattern");
        json.putNull("auto_mapping");
        json.put("base_model_name_or_path", base);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.putNull("layer_replication");
        json.putNull("layers_pattern");
        json.putNull("layers_to_transform");
        putNumber(json, "lora_alpha", config.alpha());
        json.put("lora_dropout", 0.0);
        json.putNull("modules_to_save");
        json.put("peft_type", "LORA");
        json.put("r", config.rank());
        json.putObject("rank_pattern");
        json.putNull("revision");
        config.targets().forEach(json.putArray("target_modules")::add);
        json.put("task_type", "CAUSAL_LM");
        json.put("use_dora", false);
        json.put("use_rslora", false);
        return bytes(json);
    }

    /// @throws IllegalArgumentException if it is not a plain LoRA configuration
    public static LoraConfig read(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("adapter_config.json is not the JSON it must be", e);
        }
        require(json, "peft_type", "LORA");
        for (String variant : new String[] {"use_rslora", "use_dora", "fan_in_fan_out"}) {
            if (json.path(variant).asBoolean()) {
                throw new IllegalArgumentException(variant + " must be false, other variants are not known");
            }
        }
        for (String pattern : new String[] {"rank_pattern", "alpha_pattern"}) {
            if (!json.path(pattern).isEmpty()) throw new IllegalArgumentException(pattern + " must be empty");
        }
        SortedSet<String> targets = new TreeSet<>();
        json.path("target_modules").forEach(target -> targets.add(target.asText()));
        if (!json.path("r").isInt() || !json.path("lora_alpha").isNumber()) {
            throw new IllegalArgumentException("r must be an integer and lora_alpha a number");
        }
        return new LoraConfig(json.path("r").intValue(), json.path("lora_alpha").doubleValue(), targets);
    }

    private static void require(JsonNode json, String field, String value) {
        if (!json.path(field).asText().equals(value)) {
            throw new IllegalArgumentException(field + " must be " + value + ", was " + json.path(field));
        }
    }

    /// Whole numbers as integers, which is what most readers expect of alpha.
    private static void putNumber(ObjectNode json, String field, double value) {
        if (value == Math.rint(value) && value < Integer.MAX_VALUE) json.put(field, (int) value);
        else json.put(field, value);
    }

    private static byte[] bytes(ObjectNode json) {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT);
        try {
            return JSON.writer(printer).writeValueAsBytes(json);
        } catch (IOException e) {
            throw new IllegalStateException("a tree must be writable as JSON", e);
        }
    }
}
