package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A released version never changes incompatibly; and the check that says so is itself shown to see each kind of break.
class SchemaCompatibilityTest {
    private static final String SCHEMA = """
            {"type": "object", "required": ["kind", "size", "tags"],
             "properties": {
               "kind": {"type": "string", "enum": ["a", "b"]},
               "size": {"$ref": "#/$defs/size"},
               "name": {"type": "string", "pattern": "^x", "minLength": 1},
               "tags": {"type": "array", "minItems": 1, "items": {"type": "string"}},
               "what": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"kind": {"const": "k"}}}]}},
             "$defs": {"size": {"type": "integer", "minimum": 1, "maximum": 9}}}""";

    static List<Contract> contracts() {
        return Contract.all();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void a_released_schema_never_changes_incompatibly(Contract contract) {
        // Given
        String resource = contract.topic().schemaResource();
        JsonNode released = Contract.json("/released" + resource.substring(resource.lastIndexOf('/')));

        // When
        List<String> violations = SchemaCompatibility.violations(released, contract.schema());

        // Then
        assertThat(violations)
                .as("%s.v1 is released: publish the change as v2, beside v1", contract)
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            /properties/name              |                                   | / lost the property name
            /properties                   | {"kind": {"enum": ["a", "b"]}}    | / lost the property size
            /required                     | ["kind", "size", "tags", "name"]  | / newly requires "name"
            /required                     | ["kind", "size"]                  | / no longer promises "tags"
            /properties/kind/enum         | ["a"]                             | /kind lost the value "b"
            /properties/kind/type         | "number"                          | /kind type became "number"
            /properties/tags/items/type   | "integer"                         | /tags/items type became "integer"
            /properties/tags/minItems     | 2                                 | /tags minItems narrowed to 2
            /properties/tags/maxItems     | 5                                 | /tags maxItems narrowed to 5
            /properties/name/pattern      | "^y"                              | /name pattern became "^y"
            /properties/name/minLength    | 2                                 | /name minLength narrowed to 2
            /properties/name/format       | "email"                           | /name format became "email"
            /properties/what/oneOf        | [{"type": "string"}]              | /what lost an alternative
            /properties/what/oneOf/0/type | "number"                          | /what/0 type became "number"
            /properties/what/oneOf/1/properties/kind/const | "z"              | /what/k/kind const became "z"
            /$defs/size/maximum           | 8                                 | /size maximum narrowed to 8
            /$defs/size/minimum           | 2                                 | /size minimum narrowed to 2
            /additionalProperties         | false                             | / additionalProperties became false
            """)
    void a_planted_break_is_reported(String pointer, String value, String report) {
        // When
        List<String> violations = SchemaCompatibility.violations(schema(), changed(pointer, value));

        // Then
        assertThat(violations).anyMatch(violation -> violation.startsWith(report));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            /description                  | "In other words."
            /properties/extra             | {"type": "string"}
            /properties/kind/enum         | ["c", "a", "b"]
            /properties/what/oneOf/2      | {"type": "number"}
            /properties/tags/minItems     | 0
            /properties/name/minLength    |
            /$defs/size/maximum           | 10
            """)
    void a_compatible_change_is_let_through(String pointer, String value) {
        assertThat(SchemaCompatibility.violations(schema(), changed(pointer, value)))
                .isEmpty();
    }

    @Test
    void a_definition_may_be_inlined() {
        // Given
        ObjectNode inlined = (ObjectNode) schema();
        ((ObjectNode) inlined.path("properties"))
                .set("size", inlined.path("$defs").path("size"));
        inlined.remove("$defs");

        // When / Then
        assertThat(SchemaCompatibility.violations(schema(), inlined)).isEmpty();
    }

    private static JsonNode schema() {
        return Contract.json(SCHEMA.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode changed(String pointer, String value) {
        JsonNode copy = schema();
        JsonPointer at = JsonPointer.compile(pointer);
        JsonNode parent = copy.at(at.head());
        if (parent.isArray()) {
            ((ArrayNode) parent).add(json(Objects.requireNonNull(value)));
        } else if (value == null) {
            ((ObjectNode) parent).remove(at.last().getMatchingProperty());
        } else {
            ((ObjectNode) parent).set(at.last().getMatchingProperty(), json(value));
        }
        return copy;
    }

    private static JsonNode json(String text) {
        return Contract.json(text.getBytes(StandardCharsets.UTF_8));
    }
}
