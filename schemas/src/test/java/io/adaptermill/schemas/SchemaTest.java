package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The schemas as documents: whoever has one file must be able to write a producer from it.
class SchemaTest {
    static List<Contract> contracts() {
        return Contract.all();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void a_schema_says_what_it_is(Contract contract) {
        // When
        List<String> head = List.of(
                contract.schema().path("$schema").asText(),
                contract.schema().path("$id").asText(),
                contract.schema().path("title").asText());

        // Then
        assertThat(head)
                .containsExactly(
                        "https://json-schema.org/draft/2020-12/schema",
                        "urn:adaptermill:schema:" + contract.topic().suffix() + ".v1",
                        contract.topic().eventClass().getSimpleName());
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void every_field_is_described(Contract contract) {
        assertThat(undescribed("", contract.schema())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void a_schema_stands_alone(Contract contract) {
        // When
        List<String> references = contract.schema().findValuesAsText("$ref");

        // Then
        assertThat(references).allMatch(reference -> reference.startsWith("#/$defs/"));
    }

    /// Go's regular expressions, among others, have neither look-around nor back-references.
    @ParameterizedTest
    @MethodSource("contracts")
    void patterns_work_in_every_language(Contract contract) {
        // When
        List<String> patterns = contract.schema().findValuesAsText("pattern");

        // Then
        assertThat(patterns).noneMatch(pattern -> pattern.matches(".*\\(\\?[^:].*|.*\\\\[1-9].*"));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void its_examples_are_valid_and_readable(Contract contract) throws IOException {
        // Given
        JsonNode examples = contract.schema().path("examples");

        // When / Then
        assertThat(examples).isNotEmpty();
        for (JsonNode example : examples) {
            byte[] bytes = Contract.JSON.writeValueAsBytes(example);
            assertThat(contract.violations(example)).isEmpty();
            assertThatCode(() -> contract.read(bytes)).doesNotThrowAnyException();
        }
    }

    /// Paths of properties and definitions without words of their own or of what they refer to.
    private static List<String> undescribed(String path, JsonNode node) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String below = path + "/" + field.getKey();
            boolean named = path.endsWith("/properties") || path.endsWith("/$defs");
            if (named && field.getValue().isObject() && !described(field.getValue())) {
                found.add(below);
            }
            if (!field.getKey().equals("examples")) {
                found.addAll(undescribed(below, field.getValue()));
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.addAll(undescribed(path + "/" + i, node.get(i)));
        }
        return found;
    }

    private static boolean described(JsonNode schema) {
        return !schema.path("description").asText().isBlank() || schema.has("$ref");
    }
}
