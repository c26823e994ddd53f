package io.adaptermill.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Writes a policy as the document that [PolicyReader] reads, with every default spelled out, and on request with what
/// each field is for and what it may be.
public final class PolicyWriter {
    private static final int WIDTH = 110;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_.#@/-]*");
    private static final Set<String> TAKEN = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final boolean explained;
    private final List<String> lines = new ArrayList<>();

    private PolicyWriter(boolean explained) {
        this.explained = explained;
    }

    /// @param explained whether comments say what each field is for
    public static String write(TenantId tenant, TenantPolicy policy, boolean explained) {
        PolicyWriter writer = new PolicyWriter(explained);
        writer.lines.add("apiVersion: " + PolicyDocument.API_VERSION);
        writer.lines.add("kind: " + PolicyDocument.KIND);
        writer.lines.add("metadata:");
        writer.lines.add("  name: " + scalar(tenant.value()));
        writer.lines.add("spec:");
        ObjectNode root = new PolicyTree(policy).root();
        // A document without keys leaves a tenant those it has.
        if (policy.apiKeys().isEmpty()) root.remove("apiKeys");
        writer.fields(root, Shape.policy(), 1);
        return String.join("\n", writer.lines) + "\n";
    }

    private void fields(JsonNode tree, Shape shape, int depth) {
        for (Map.Entry<String, Shape> field : shape.fields().entrySet()) {
            JsonNode value = tree.path(field.getKey());
            if (value.isMissingNode() && !explained) continue;
            if (!field.getKey().equals(Shape.KIND)) explain(field.getValue(), depth);
            if (value.isMissingNode()) {
                comment(
                        depth,
                        field.getKey() + ": " + flow(field.getValue().fallback().orElse(empty(field.getValue()))));
            } else {
                field(field.getKey(), value, field.getValue().of(value), depth);
            }
        }
    }

    private void field(String name, JsonNode value, Shape shape, int depth) {
        if (value.isObject()) {
            lines.add(indent(depth) + name + ":");
            fields(value, shape, depth + 1);
        } else if (value.isArray() && !value.isEmpty()) {
            lines.add(indent(depth) + name + ":");
            value.forEach(item -> lines.add(indent(depth + 1) + "- " + flow(item)));
        } else {
            lines.add(indent(depth) + name + ": " + flow(value));
        }
    }

    private void explain(Shape shape, int depth) {
        if (!explained) return;
        boolean whole = shape.isObject()
                || shape.schema().path("type").asText().equals("string")
                        && !shape.schema().has("enum");
        String allowed = shape.allowed();
        comment(depth, shape.description() + (whole || shape.hasKinds() ? "" : " " + capital(allowed) + "."));
        if (shape.hasKinds()) {
            shape.kinds()
                    .forEach(
                            (kind, own) -> comment(depth, "- " + flow(shape.example(kind)) + ": " + own.description()));
        }
    }

    private void comment(int depth, String text) {
        String start = indent(depth) + "# ";
        StringBuilder line = new StringBuilder(start);
        for (String word : text.split(" ")) {
            if (line.length() > start.length() && line.length() + word.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(text.startsWith("- ") ? start + "  " : start);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
    }

    /// On one line.
    private static String flow(JsonNode value) {
        List<String> parts = new ArrayList<>();
        if (value.isObject()) {
            value.properties().forEach(field -> parts.add(field.getKey() + ": " + flow(field.getValue())));
            return "{" + String.join(", ", parts) + "}";
        }
        if (value.isArray()) {
            value.forEach(item -> parts.add(flow(item)));
            return "[" + String.join(", ", parts) + "]";
        }
        return value.isTextual() ? scalar(value.asText()) : value.toString();
    }

    private static JsonNode empty(Shape shape) {
        return shape.isArray()
                ? PolicyTree.defaults().arrayNode()
                : PolicyTree.defaults().textNode("…");
    }

    /// JSON's quotes are YAML's too.
    private static String scalar(String text) {
        return PLAIN.matcher(text).matches() && !TAKEN.contains(text.toLowerCase(Locale.ROOT))
                ? text
                : TextNode.valueOf(text).toString();
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String indent(int depth) {
        return "  ".repeat(depth);
    }
}
