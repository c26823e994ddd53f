package io.adaptermill.cli.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.TenantPolicy;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A policy in which every field that may be set stands: parts that it leaves out are there with their defaults.
public final class PolicyTree {
    private static final JsonMapper JSON = EventJson.mapper();

    private final ObjectNode root;

    public PolicyTree(TenantPolicy policy) {
        root = JSON.valueToTree(policy);
        fill(root, Shape.policy(), policy);
    }

    static ObjectNode defaults() {
        return new PolicyTree(TenantPolicy.withDefaults(List.of())).root();
    }

    ObjectNode root() {
        return root;
    }

    /// Changes fields of a policy, named by their path, such as `batch.ageMax=PT20S` or `recipe.variant.kind=dora`.
    ///
    /// @throws IllegalArgumentException if there is no such field, naming those that are there, or no such value
    public static TenantPolicy with(TenantPolicy policy, Map<String, String> changes) {
        PolicyTree tree = new PolicyTree(policy);
        // Kinds first, whatever their order: a kind brings its own fields, which other changes then set.
        changes.entrySet().stream()
                .sorted(Comparator.comparing(change -> !change.getKey().endsWith("." + Shape.KIND)))
                .forEach(change -> set(tree.root, Shape.policy(), change.getKey(), change.getValue()));
        try {
            return EventJson.read(EventJson.write(tree.root), TenantPolicy.class);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(
                    String.valueOf(Objects.requireNonNull(e.getCause()).getMessage())
                            .lines()
                            .findFirst()
                            .orElse("not a policy"),
                    e);
        }
    }

    /// A part that is left out is written with its default where that says the same, and stays out where its default is
    /// only something to begin with.
    private void fill(ObjectNode tree, Shape shape, TenantPolicy policy) {
        shape.fields().forEach((name, child) -> {
            if (!tree.has(name)) {
                child.fallback().ifPresent(part -> tree.set(name, part));
                if (tree.has(name) && !says(policy)) tree.remove(name);
            }
            if (tree.path(name) instanceof ObjectNode part) fill(part, child.of(part), policy);
        });
    }

    private boolean says(TenantPolicy policy) {
        return EventJson.read(EventJson.write(root), TenantPolicy.class).equals(policy);
    }

    private static void set(ObjectNode tree, Shape shape, String path, String value) {
        int dot = path.indexOf('.');
        String name = dot < 0 ? path : path.substring(0, dot);
        Map<String, Shape> fields = shape.of(tree).fields();
        Shape field = fields.get(name);
        if (field == null) throw new IllegalArgumentException(unknown(name, fields.keySet()));
        if (dot < 0 && name.equals(Shape.KIND)) {
            become(tree, shape, value);
        } else if (dot < 0) {
            tree.set(
                    name,
                    field.allowed().startsWith("a text") || field.schema().has("enum")
                            ? tree.textNode(value)
                            : parsed(name, value, field));
        } else {
            if (!tree.has(name)) field.fallback().ifPresent(part -> tree.set(name, part));
            if (!(tree.path(name) instanceof ObjectNode part)) {
                throw new IllegalArgumentException("\"" + name + "\" has no fields here");
            }
            set(part, field, path.substring(dot + 1), value);
        }
    }

    private static String unknown(String name, Set<String> known) {
        return "\"" + name + "\" is not a field here" + Spelling.hint(name, known) + "; there are " + known;
    }

    /// Another kind has other fields; the same kind keeps its own.
    private static void become(ObjectNode part, Shape shape, String kind) {
        if (part.path(Shape.KIND).asText().equals(kind)) return;
        Set<String> known = shape.kinds().keySet();
        if (!known.contains(kind)) {
            throw new IllegalArgumentException(
                    "kind must be one of " + known + ", was \"" + kind + "\"" + Spelling.hint(kind, known));
        }
        part.removeAll();
        part.setAll(shape.example(kind));
    }

    private static JsonNode parsed(String name, String value, Shape field) {
        try {
            return JSON.readTree(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    name + " must be " + field.allowed() + " (in JSON), was \"" + value + "\"", e);
        }
    }
}
