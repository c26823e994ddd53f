package io.adaptermill.cli.policy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.TenantPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A field of a policy seen from both sides: its schema says what is allowed and what it is for, its Java type what it
/// is by default. So whatever a policy's records and schema gain is read, written and explained without a word here.
///
/// Defaults are found by convention: a part's type has a constant `DEFAULT`, one with several kinds also `EACH`, a list
/// of one of each kind.
record Shape(JsonNode schema, Type type) {
    static final String KIND = "kind";

    private static final JsonMapper JSON = EventJson.mapper();
    private static final JsonNode ROOT = read();

    static Shape policy() {
        return new Shape(ROOT, TenantPolicy.class);
    }

    String description() {
        return schema.path("description").asText();
    }

    boolean isObject() {
        return schema.has("properties");
    }

    boolean isArray() {
        return schema.has("items");
    }

    boolean hasKinds() {
        return schema.has("oneOf");
    }

    List<String> required() {
        return texts(schema.path("required"));
    }

    /// By name, in the record's order.
    Map<String, Shape> fields() {
        Map<String, Shape> fields = new LinkedHashMap<>();
        schema.path("properties")
                .properties()
                .forEach(field -> fields.put(field.getKey(), of(field.getValue(), typeOf(field.getKey()))));
        return fields;
    }

    /// By name, in the order of the type's annotation.
    Map<String, Shape> kinds() {
        JsonSubTypes.Type[] types = raw().getAnnotation(JsonSubTypes.class).value();
        Map<String, Shape> kinds = new LinkedHashMap<>();
        for (int i = 0; i < types.length; i++) {
            kinds.put(types[i].name(), of(schema.path("oneOf").path(i), types[i].value()));
        }
        return kinds;
    }

    Shape items() {
        return of(schema.path("items"), ((ParameterizedType) type).getActualTypeArguments()[0]);
    }

    /// This, or the one of its kinds that the value is of.
    Shape of(JsonNode value) {
        return hasKinds()
                ? Objects.requireNonNullElse(kinds().get(value.path(KIND).asText()), this)
                : this;
    }

    /// What it is where nobody says otherwise, or what to begin with.
    Optional<JsonNode> fallback() {
        return constant("DEFAULT").map(JSON::<JsonNode>valueToTree);
    }

    /// One kind with values to begin with.
    ObjectNode example(String kind) {
        List<?> each = constant("EACH").map(list -> (List<?>) list).orElse(List.of());
        return each.stream()
                .map(JSON::<ObjectNode>valueToTree)
                .filter(one -> one.path(KIND).asText().equals(kind))
                .findFirst()
                .orElseGet(() -> JSON.createObjectNode().put(KIND, kind));
    }

    /// In words, such as `a whole number from 1 to 256`.
    String allowed() {
        if (hasKinds()) return "a mapping whose kind is one of " + String.join(", ", kinds().keySet());
        if (schema.has("enum")) return "one of " + String.join(", ", texts(schema.path("enum")));
        return switch (schema.path("type").asText()) {
            case "integer" -> "a whole number" + range();
            case "number" -> "a number" + range();
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a mapping of " + String.join(", ", fields().keySet());
            default -> schema.has("pattern") ? "a text of this form" : "a text";
        };
    }

    private String range() {
        JsonNode min = schema.path("minimum");
        JsonNode max = schema.path("maximum");
        if (min.isMissingNode()) return max.isMissingNode() ? "" : " up to " + plain(max);
        return max.isMissingNode() ? " of at least " + plain(min) : " from " + plain(min) + " to " + plain(max);
    }

    private static String plain(JsonNode number) {
        return number.decimalValue().stripTrailingZeros().toPlainString();
    }

    private Optional<Object> constant(String name) {
        try {
            Field field = raw().getField(name);
            return Optional.ofNullable(field.get(null));
        } catch (NoSuchFieldException e) {
            return Optional.empty();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(raw() + "." + name + " must be public", e);
        }
    }

    private Class<?> raw() {
        return (Class<?>) (type instanceof ParameterizedType list ? list.getRawType() : type);
    }

    private Type typeOf(String field) {
        if (!raw().isRecord()) return String.class;
        for (RecordComponent component : raw().getRecordComponents()) {
            if (!component.getName().equals(field)) continue;
            return component.getType() == Optional.class
                    ? ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                    : component.getGenericType();
        }
        return String.class;
    }

    /// What a field says of itself goes before what its definition says.
    private static Shape of(JsonNode schema, Type type) {
        String reference = schema.path("$ref").asText();
        if (reference.isEmpty()) return new Shape(schema, type);
        ObjectNode whole = ROOT.at(reference.substring(1)).deepCopy();
        if (schema.has("description")) whole.set("description", schema.path("description"));
        return new Shape(whole, type);
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode read() {
        try (InputStream in = Topics.class.getResourceAsStream(Topics.TENANT_POLICIES.schemaResource())) {
            return JSON.readTree(Objects.requireNonNull(in, "the schema must be on the class path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
