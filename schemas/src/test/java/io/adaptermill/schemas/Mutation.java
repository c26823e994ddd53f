package io.adaptermill.schemas;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One small change to a valid document.
///
/// @param golden name of the document
/// @param what was changed, for the test's name
record Mutation(String golden, String what, JsonNode document) {
    private static final List<String> REPLACEMENTS =
            List.of("{}", "[]", "true", "null", "\"\"", "\" \"", "\"x\"", "\"1\"", "-1", "1.5", "1000000000000000000");

    /// Every place of the document, each left out, replaced by odd values, and moved to and over its limits.
    static List<Mutation> all(String golden) {
        JsonNode document = Contract.json("/golden/" + golden + ".json");
        JsonNode schema = Contract.named(golden).schema();
        List<Mutation> mutations = new ArrayList<>();
        mutations.add(new Mutation(golden, "a field too much", surprised(document)));
        for (String path : places("", document)) {
            mutations.add(new Mutation(golden, path + " left out", changed(document, path, Optional.empty())));
            REPLACEMENTS.forEach(value -> mutations.add(replaced(golden, document, path, value)));
            limits(schema, path).forEach(value -> mutations.add(replaced(golden, document, path, value)));
        }
        return mutations;
    }

    /// Absence spelt out.
    boolean isNull() {
        return what.endsWith(" = null");
    }

    @Override
    public String toString() {
        return golden + ": " + what;
    }

    private static Mutation replaced(String golden, JsonNode document, String path, String value) {
        JsonNode node = value.matches("-?[0-9].*")
                ? DecimalNode.valueOf(new BigDecimal(value))
                : Contract.json(value.getBytes(StandardCharsets.UTF_8));
        return new Mutation(golden, path + " = " + value, changed(document, path, Optional.of(node)));
    }

    private static JsonNode surprised(JsonNode document) {
        ObjectNode copy = document.deepCopy();
        return copy.put("surprise", 1);
    }

    /// @param value absent to leave the place out
    private static JsonNode changed(JsonNode document, String path, Optional<JsonNode> value) {
        JsonNode copy = document.deepCopy();
        JsonPointer pointer = JsonPointer.compile(path);
        JsonNode parent = copy.at(pointer.head());
        JsonPointer last = pointer.last();
        if (parent instanceof ArrayNode array) {
            int index = last.getMatchingIndex();
            value.ifPresentOrElse(node -> array.set(index, node), () -> array.remove(index));
        } else if (parent instanceof ObjectNode object) {
            String field = last.getMatchingProperty();
            value.ifPresentOrElse(node -> object.set(field, node), () -> object.remove(field));
        }
        return copy;
    }

    private static List<String> places(String path, JsonNode node) {
        List<String> places = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            places.add(path + "/" + field.getKey());
            places.addAll(places(path + "/" + field.getKey(), field.getValue()));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(path + "/" + i);
            places.addAll(places(path + "/" + i, node.get(i)));
        }
        return places;
    }

    /// The numbers at and just beyond the schema's minimum and maximum for this place.
    private static List<String> limits(JsonNode root, String path) {
        JsonNode schema = root;
        for (String step : path.substring(1).split("/")) {
            schema = step.matches("[0-9]+")
                    ? schema.path("items")
                    : schema.path("properties").path(step);
            if (schema.has("$ref")) {
                schema = root.at(schema.path("$ref").asText().substring(1));
            }
        }
        boolean whole = schema.path("type").asText().equals("integer");
        List<String> numbers = new ArrayList<>();
        if (schema.has("minimum")) {
            BigDecimal min = schema.path("minimum").decimalValue();
            numbers.add(min.toPlainString());
            numbers.add(whole ? min.subtract(BigDecimal.ONE).toPlainString() : below(min));
        }
        if (schema.has("maximum")) {
            BigDecimal max = schema.path("maximum").decimalValue();
            numbers.add(max.toPlainString());
            numbers.add(whole ? max.add(BigDecimal.ONE).toPlainString() : above(max));
        }
        return numbers;
    }

    private static String below(BigDecimal limit) {
        return Double.toString(Math.nextDown(limit.doubleValue()));
    }

    private static String above(BigDecimal limit) {
        return Double.toString(Math.nextUp(limit.doubleValue()));
    }
}
