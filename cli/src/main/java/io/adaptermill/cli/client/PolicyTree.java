package io.adaptermill.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.policy.Approval;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Losses;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A policy in which every field that may be set stands: parts that a recipe leaves out are there with their defaults.
final class PolicyTree {
    private static final JsonMapper JSON = EventJson.mapper();
    private static final String KIND = "kind";
    private static final String ALLOCATION = "recipe.ranks.allocation.";

    private final ObjectNode root;

    PolicyTree(TenantPolicy policy) {
        root = JSON.valueToTree(policy);
        fill((ObjectNode) root.path("gate"), "approval", Approval.AUTOMATIC);
        ObjectNode recipe = (ObjectNode) root.path("recipe");
        Map.of(
                        "variant", Variant.DEFAULT,
                        "ranks", Ranks.DEFAULT,
                        "practice", Practice.DEFAULT,
                        "losses", Losses.DEFAULT,
                        "continual", Continual.DEFAULT)
                .forEach((name, part) -> fill(recipe, name, part));
        fill((ObjectNode) recipe.path("losses"), "ratingWeights", Losses.RatingWeights.DEFAULT);
    }

    ObjectNode root() {
        return root;
    }

    /// Kinds first, whatever their order: a kind brings its own fields, which other changes then set.
    void set(Map<String, String> changes) {
        changes.entrySet().stream()
                .sorted(Comparator.comparing(change -> !change.getKey().endsWith("." + KIND)))
                .forEach(change -> set(change.getKey(), change.getValue()));
    }

    private void set(String path, String value) {
        if (path.startsWith(ALLOCATION)) {
            fill((ObjectNode) root.path("recipe").path("ranks"), "allocation", Ranks.Allocation.DEFAULT);
        }
        set(root, path, value);
    }

    private static void set(ObjectNode tree, String path, String value) {
        int dot = path.indexOf('.');
        String field = dot < 0 ? path : path.substring(0, dot);
        JsonNode child = tree.path(field);
        if (dot >= 0 && child instanceof ObjectNode object) {
            set(object, path.substring(dot + 1), value);
        } else if (dot < 0 && field.equals(KIND)) {
            become(tree, value);
        } else if (dot < 0 && (child.isValueNode() || child.isArray())) {
            tree.set(field, child.isTextual() ? tree.textNode(value) : parsed(field, value, child));
        } else {
            List<String> names = new ArrayList<>();
            tree.fieldNames().forEachRemaining(names::add);
            throw new IllegalArgumentException("\"" + field + "\" is not a field here; there are " + names);
        }
    }

    /// Another kind has other fields; the same kind keeps its own.
    private static void become(ObjectNode part, String kind) {
        if (part.path(KIND).asText().equals(kind)) return;
        boolean variant = kinds(Variant.EACH).anyMatch(one -> one.path(KIND).equals(part.path(KIND)));
        ObjectNode other = kinds(variant ? Variant.EACH : Continual.EACH)
                .filter(one -> one.path(KIND).asText().equals(kind))
                .findFirst()
                .orElseGet(() -> part.objectNode().put(KIND, kind));
        part.removeAll();
        part.setAll(other);
    }

    private static Stream<ObjectNode> kinds(List<?> each) {
        return each.stream().map(JSON::<ObjectNode>valueToTree);
    }

    private static void fill(ObjectNode tree, String name, Object part) {
        if (!tree.has(name)) tree.set(name, JSON.valueToTree(part));
    }

    private static JsonNode parsed(String field, String value, JsonNode old) {
        try {
            return JSON.readTree(value);
        } catch (JsonProcessingException e) {
            String what = old.isArray() ? "a JSON array" : old.isBoolean() ? "true or false" : "a number";
            throw new IllegalArgumentException(field + " must be " + what + ", was \"" + value + "\"", e);
        }
    }
}
