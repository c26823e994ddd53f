package io.adaptermill.lora.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.model.RopeScaling;
import java.util.HashSet;
import java.util.Set;

/// Reads how positions turn heads: the base and, where a model was stretched to a longer context, the scaling.
///
/// Since transformers 5 all of it stands in `rope_parameters`, before that in `rope_theta` and `rope_scaling`.
///
/// @param theta base of the frequencies
record HuggingFaceRope(double theta, RopeScaling scaling) {
    private static final double THETA_DEFAULT = 10_000;

    static HuggingFaceRope read(JsonFile config) {
        JsonNode old = present(config, "rope_scaling");
        JsonNode recent = present(config, "rope_parameters");
        if (old.isObject() && recent.isObject() && !old.equals(recent)) {
            throw config.unsupported("rope_scaling and rope_parameters contradict each other");
        }
        JsonFile rope = new JsonFile(config.path(), recent.isObject() ? recent : old);
        requireWhole(config);
        requireWhole(rope);
        double theta = rope.findReal("rope_theta")
                .or(() -> config.findReal("rope_theta"))
                .orElse(THETA_DEFAULT);
        return new HuggingFaceRope(theta, scaling(rope));
    }

    private static JsonNode present(JsonFile config, String key) {
        JsonNode node = config.root().path(key);
        if (node.isMissingNode() || node.isNull() || node.isObject()) return node;
        throw config.malformed(key + " must be an object, was " + node);
    }

    private static RopeScaling scaling(JsonFile rope) {
        String kind =
                rope.root().path("rope_type").asText(rope.root().path("type").asText("default"));
        return switch (kind) {
            case "default" -> {
                requireOnly(rope, kind, Set.of());
                yield RopeScaling.NONE;
            }
            case "linear" -> {
                requireOnly(rope, kind, Set.of("factor"));
                yield new RopeScaling.Linear(rope.real("factor"));
            }
            case "llama3" -> {
                String positions = "original_max_position_embeddings";
                requireOnly(rope, kind, Set.of("factor", "low_freq_factor", "high_freq_factor", positions));
                yield new RopeScaling.Llama3(
                        rope.real("factor"),
                        rope.real("low_freq_factor"),
                        rope.real("high_freq_factor"),
                        rope.positive(positions));
            }
            default ->
                throw rope.unsupported(
                        "the rotary scaling \"" + kind + "\" is not known, default, linear and llama3 are");
        };
    }

    private static void requireOnly(JsonFile rope, String kind, Set<String> own) {
        Set<String> known = new HashSet<>(own);
        known.addAll(Set.of("rope_type", "type", "rope_theta", "partial_rotary_factor"));
        rope.root().fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw rope.unsupported("the rotary scaling \"" + kind + "\" has no setting " + key + " that is known");
            }
        });
    }

    private static void requireWhole(JsonFile part) {
        if (part.findReal("partial_rotary_factor").orElse(1.0) == 1) return;
        throw part.unsupported("positions that turn only a part of each head (partial_rotary_factor) are not known");
    }
}
