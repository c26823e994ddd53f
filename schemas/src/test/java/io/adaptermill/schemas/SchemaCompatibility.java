package io.adaptermill.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What may not happen to a schema once it is released: a document or a reader of the released one stops working.
///
/// May change: words, examples, new optional properties, further kinds and enumeration values, wider limits.
/// Anything else that differs is reported, known to be harmful or not: a new major version is the way out.
final class SchemaCompatibility {
    private static final Set<String> WORDS =
            Set.of("description", "title", "examples", "$comment", "$defs", "$schema", "$id");
    private static final Set<String> LOWER = Set.of("minimum", "minLength", "minItems");
    private static final Set<String> UPPER = Set.of("maximum", "maxLength", "maxItems");

    private final JsonNode released;
    private final JsonNode current;
    private final List<String> violations = new ArrayList<>();

    private SchemaCompatibility(JsonNode released, JsonNode current) {
        this.released = released;
        this.current = current;
    }

    /// @return what broke, with the path into the document; empty if the change is compatible
    static List<String> violations(JsonNode released, JsonNode current) {
        SchemaCompatibility check = new SchemaCompatibility(released, current);
        check.compare("", released, current);
        return List.copyOf(check.violations);
    }

    private void compare(String path, JsonNode before, JsonNode after) {
        JsonNode old = resolved(released, before);
        JsonNode now = resolved(current, after);
        if (!old.isObject() || !now.isObject()) {
            if (!old.equals(now)) {
                report(path, "became " + now + ", was " + old);
            }
            return;
        }
        for (String keyword : keywords(old, now)) {
            compareKeyword(path, keyword, old.path(keyword), now.path(keyword));
        }
    }

    private void compareKeyword(String path, String keyword, JsonNode old, JsonNode now) {
        if (keyword.equals("properties")) {
            compareProperties(path, old, now);
        } else if (keyword.equals("items")) {
            compare(path + "/items", old, now);
        } else if (keyword.equals("enum")) {
            missing(old, now).forEach(value -> report(path, "lost the value " + value));
        } else if (keyword.equals("required")) {
            missing(now, old).forEach(name -> report(path, "newly requires " + name));
            missing(old, now).forEach(name -> report(path, "no longer promises " + name));
        } else if (keyword.equals("oneOf")) {
            compareAlternatives(path, old, now);
        } else if (LOWER.contains(keyword) || UPPER.contains(keyword)) {
            compareLimit(path, keyword, old, now);
        } else if (!old.equals(now)) {
            report(path, keyword + " became " + now + ", was " + old);
        }
    }

    private void compareProperties(String path, JsonNode old, JsonNode now) {
        old.fieldNames().forEachRemaining(name -> {
            if (now.has(name)) {
                compare(path + "/" + name, old.path(name), now.path(name));
            } else {
                report(path, "lost the property " + name);
            }
        });
    }

    private void compareAlternatives(String path, JsonNode old, JsonNode now) {
        if (now.size() < old.size()) {
            report(path, "lost an alternative");
        }
        for (int i = 0; i < Math.min(old.size(), now.size()); i++) {
            compare(path + "/" + label(old.get(i), i), old.get(i), now.get(i));
        }
    }

    /// An absent limit is the widest.
    private void compareLimit(String path, String keyword, JsonNode old, JsonNode now) {
        if (now.isMissingNode()) {
            return;
        }
        int change = old.isMissingNode() ? 0 : now.decimalValue().compareTo(old.decimalValue());
        if (old.isMissingNode() || (LOWER.contains(keyword) ? change > 0 : change < 0)) {
            report(path, keyword + " narrowed to " + now + ", was " + old);
        }
    }

    private void report(String path, String what) {
        violations.add((path.isEmpty() ? "/" : path) + " " + what);
    }

    private static Set<String> keywords(JsonNode old, JsonNode now) {
        Set<String> keywords = new TreeSet<>();
        old.fieldNames().forEachRemaining(keywords::add);
        now.fieldNames().forEachRemaining(keywords::add);
        keywords.removeAll(WORDS);
        return keywords;
    }

    private static List<JsonNode> missing(JsonNode from, JsonNode in) {
        List<JsonNode> kept = new ArrayList<>();
        in.forEach(kept::add);
        List<JsonNode> missing = new ArrayList<>();
        from.forEach(missing::add);
        missing.removeAll(kept);
        return missing;
    }

    private static String label(JsonNode alternative, int index) {
        return alternative.at("/properties/kind/const").asText(String.valueOf(index));
    }

    private static JsonNode resolved(JsonNode root, JsonNode schema) {
        return schema.has("$ref") ? root.at(schema.path("$ref").asText().substring(1)) : schema;
    }
}
