package io.adaptermill.artifacts.exchange;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// `adapter_config.json` as any PEFT may have written it: only what decides each module's update `s · B A`
/// is read, and what would make it anything else is refused, known or not.
///
/// @param rank where no pattern says otherwise
/// @param alpha where no pattern says otherwise
/// @param rankStabilised whether the scale is `α/√r` instead of `α/r`
/// @param ranks by end of module path
/// @param alphas by end of module path
/// @param base what the file calls its base model
record ForeignConfig(
        int rank,
        double alpha,
        boolean rankStabilised,
        Map<String, Integer> ranks,
        Map<String, Double> alphas,
        Optional<String> base) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /// Keys that choose modules, start values or bookkeeping: the tensors themselves say the outcome.
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "auto_mapping",
            "corda_config",
            "ensure_weight_tying",
            "eva_config",
            "exclude_modules",
            "inference_mode",
            "layers_pattern",
            "layers_to_transform",
            "lora_dropout",
            "lora_ga_config",
            "megatron_core",
            "peft_version",
            "qalora_group_size",
            "revision",
            "runtime_config",
            "target_modules",
            "task_type");

    /// Keys that are well where they say nothing.
    private static final Set<String> MUST_BE_OFF = Set.of(
            "alora_invocation_tokens",
            "arrow_config",
            "fan_in_fan_out",
            "kasa_config",
            "layer_replication",
            "loftq_config",
            "lora_bias",
            "megatron_config",
            "modules_to_save",
            "monteclora_config",
            "target_parameters",
            "trainable_token_indices",
            "use_bdlora",
            "use_dora",
            "use_qalora",
            "velora_config");

    private static final Set<String> READ = Set.of(
            "alpha_pattern",
            "base_model_name_or_path",
            "bias",
            "init_lora_weights",
            "lora_alpha",
            "peft_type",
            "r",
            "rank_pattern",
            "use_rslora");

    /// Starts that take a part out of the base's weights: with them the update belongs to another base.
    private static final Set<String> STARTS_IN_BASE = Set.of("pissa", "olora", "corda", "loftq", "lora_ga");

    ForeignConfig {
        ranks = Map.copyOf(ranks);
        alphas = Map.copyOf(alphas);
    }

    /// @throws IllegalArgumentException saying which key is in the way
    static ForeignConfig read(byte[] bytes) {
        JsonNode json = parse(bytes);
        json.properties().forEach(entry -> requireKnown(entry.getKey(), entry.getValue()));
        require(json.path("peft_type").asText().equals("LORA"), "peft_type", json, "LORA");
        require(json.path("bias").asText("none").equals("none"), "bias", json, "none");
        String start = json.path("init_lora_weights").asText();
        for (String kind : STARTS_IN_BASE) {
            require(
                    !start.startsWith(kind),
                    "init_lora_weights",
                    json,
                    "a start that leaves the base as it is; save the"
                            + " adapter with path_initial_model_for_weight_conversion");
        }
        require(json.path("r").isInt(), "r", json, "an integer");
        require(json.path("lora_alpha").isNumber(), "lora_alpha", json, "a number");
        Map<String, Integer> ranks = new TreeMap<>();
        patterns(json, "rank_pattern").forEach((end, value) -> ranks.put(end, value.intValue()));
        Map<String, Double> alphas = new TreeMap<>();
        patterns(json, "alpha_pattern").forEach((end, value) -> alphas.put(end, value.doubleValue()));
        return new ForeignConfig(
                json.path("r").intValue(),
                json.path("lora_alpha").doubleValue(),
                json.path("use_rslora").asBoolean(),
                ranks,
                alphas,
                Optional.ofNullable(json.path("base_model_name_or_path").textValue()));
    }

    int rank(String module) {
        return ending(ranks, module).orElse(rank);
    }

    double scale(String module) {
        double numerator = ending(alphas, module).orElse(alpha);
        return numerator / (rankStabilised ? Math.sqrt(rank(module)) : rank(module));
    }

    private static <T> Optional<T> ending(Map<String, T> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(entry -> module.equals(entry.getKey()) || module.endsWith("." + entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static JsonNode parse(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("is not the JSON it must be", e);
        }
        if (!json.isObject()) throw new IllegalArgumentException("must be a JSON object");
        return json;
    }

    private static void requireKnown(String key, JsonNode value) {
        if (WITHOUT_EFFECT.contains(key) || READ.contains(key)) return;
        if (!MUST_BE_OFF.contains(key)) {
            throw new IllegalArgumentException("has the key " + key + ", whose effect is not known");
        }
        boolean off = value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainerNode() && value.isEmpty());
        if (!off) throw new IllegalArgumentException(key + " must be off, was " + value);
    }

    /// PEFT's patterns are regular expressions. Ends of paths, which is how PEFT itself writes them, are
    /// all we take: an expression of a stranger can run for ever, and may match what nobody meant.
    private static Map<String, JsonNode> patterns(JsonNode json, String field) {
        Map<String, JsonNode> patterns = new TreeMap<>();
        json.path(field).properties().forEach(entry -> {
            String end = entry.getKey();
            if (!end.matches("[A-Za-z0-9_.]{1,200}") || !entry.getValue().isNumber()) {
                throw new IllegalArgumentException(field + " must map ends of module paths to numbers, was " + entry);
            }
            patterns.put(end, entry.getValue());
        });
        for (String end : patterns.keySet()) {
            for (String other : patterns.keySet()) {
                if (end.endsWith("." + other)) {
                    throw new IllegalArgumentException(
                            field + " must decide each module once; both " + end + " and " + other + " match");
                }
            }
        }
        return patterns;
    }

    private static void require(boolean condition, String field, JsonNode json, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(field + " must be " + expected + ", was " + json.path(field));
        }
    }
}
