package io.adaptermill.artifacts.peft;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.Routing;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/// `adapter_config.json`: the fields that every released PEFT understands, in alphabetical order as PEFT writes them.
public final class PeftConfig {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    /// No type of PEFT's, so that it refuses what it would apply wrongly.
    private static final String MIXTURE = "LORA_MIXTURE";

    private static final String TOP_K = "router_top_k";

    private PeftConfig() {}

    /// @param base what `base_model_name_or_path` says: the fingerprint of the model that the adapter belongs to
    public static byte[] write(Adapter adapter, String base) {
        Optional<Integer> topK = adapter.routing().map(Routing::topK);
        return write(adapter.config(), base, !adapter.magnitudes().isEmpty(), topK);
    }

    /// Of a plain adapter.
    static byte[] write(LoraConfig config, String base) {
        return write(config, base, false, Optional.empty());
    }

    private static byte[] write(LoraConfig config, String base, boolean dora, Optional<Integer> topK) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode alphas = json.putObject("alpha_pattern");
        config.alphas().forEach((path, alpha) -> putNumber(alphas, path, alpha));
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
        json.put("peft_type", topK.isPresent() ? MIXTURE : "LORA");
        json.put("r", config.rank());
        ObjectNode ranks = json.putObject("rank_pattern");
        config.ranks().forEach(ranks::put);
        json.putNull("revision");
        topK.ifPresent(count -> json.put(TOP_K, count));
        config.targets().forEach(json.putArray("target_modules")::add);
        json.put("task_type", "CAUSAL_LM");
        json.put("use_dora", dora);
        json.put("use_rslora", config.rankStabilised());
        return bytes(json);
    }

    /// @throws IllegalArgumentException if it is not a configuration of plain factors, or a pattern is an expression
    public static LoraConfig read(byte[] bytes) {
        JsonNode json = parse(bytes);
        if (!json.path("peft_type").asText().equals(MIXTURE)) require(json, "peft_type", "LORA");
        if (json.path("fan_in_fan_out").asBoolean()) {
            throw new IllegalArgumentException("fan_in_fan_out must be false, transposed weights are not known");
        }
        SortedSet<String> targets = new TreeSet<>();
        json.path("target_modules").forEach(target -> targets.add(target.asText()));
        if (!json.path("r").isInt() || !json.path("lora_alpha").isNumber()) {
            throw new IllegalArgumentException("r must be an integer and lora_alpha a number");
        }
        return new LoraConfig(
                json.path("r").intValue(),
                json.path("lora_alpha").doubleValue(),
                targets,
                json.path("use_rslora").asBoolean(),
                pattern(json, "rank_pattern", JsonNode::isInt, JsonNode::intValue),
                pattern(json, "alpha_pattern", JsonNode::isNumber, JsonNode::doubleValue));
    }

    /// Whether the weights must have magnitudes.
    public static boolean isDora(byte[] bytes) {
        return parse(bytes).path("use_dora").asBoolean();
    }

    /// Experts that a token uses, if the weights are a mixture's.
    public static OptionalInt topK(byte[] bytes) {
        JsonNode json = parse(bytes);
        if (!json.path("peft_type").asText().equals(MIXTURE)) return OptionalInt.empty();
        if (!json.path(TOP_K).isInt()) throw new IllegalArgumentException(TOP_K + " must be an integer");
        return OptionalInt.of(json.path(TOP_K).intValue());
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("adapter_config.json is not the JSON it must be", e);
        }
    }

    private static <T> SequencedMap<String, T> pattern(
            JsonNode json, String field, Predicate<JsonNode> number, Function<JsonNode, T> value) {
        SequencedMap<String, T> patterns = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path(field).properties()) {
            if (!number.test(entry.getValue())) {
                throw new IllegalArgumentException(field + " must give numbers, was " + json.path(field));
            }
            patterns.put(entry.getKey(), value.apply(entry.getValue()));
        }
        return patterns;
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
