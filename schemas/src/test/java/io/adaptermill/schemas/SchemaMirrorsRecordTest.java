package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.VersionId;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Reads record and schema side by side: same fields in the same order, same types, the same ones optional, the same
/// words in enumerations.
class SchemaMirrorsRecordTest {
    private static final Set<Class<?>> TEXTS = Set.of(
            String.class,
            Duration.class,
            BatchId.class,
            Digest.class,
            EventId.class,
            InferenceId.class,
            SubjectId.class,
            VersionId.class);

    static List<Contract> contracts() {
        return Contract.all();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void the_schema_mirrors_the_record(Contract contract) {
        // Given
        Class<?> type = contract.topic().eventClass();
        List<String> differences = new ArrayList<>();

        // When
        Type shape = type == FeedbackReceived.class ? Feedback.class : type;
        new Comparison(contract.schema(), differences, new HashSet<>()).compare("", shape, contract.schema());

        // Then
        assertThat(differences).isEmpty();
    }

    /// @param compared types by reference: a rule may hold rules
    private record Comparison(JsonNode root, List<String> differences, Set<String> compared) {
        void compare(String path, Type type, JsonNode schema) {
            if (schema.has("$ref") && !compared.add(schema.path("$ref").asText() + " " + type)) return;
            JsonNode target = resolved(schema);
            if (type instanceof ParameterizedType list) {
                expect(path, "type", "array", target.path("type").asText());
                compare(path + "/items", list.getActualTypeArguments()[0], target.path("items"));
            } else if (type instanceof Class<?> plain) {
                comparePlain(path, plain, target);
            }
        }

        private void comparePlain(String path, Class<?> type, JsonNode schema) {
            if (type == Prompt.class) {
                expect(path, "description", root.at("/$defs/prompt/description").asText(), described(schema));
            } else if (type.isInterface()) {
                compareKinds(path, type, schema);
            } else if (type.isEnum()) {
                expect(path, "enum", words(type), texts(schema.path("enum")));
            } else if (type.isRecord() && !TEXTS.contains(type)) {
                compareFields(path, type, schema, List.of());
            } else {
                expect(path, "type", jsonType(type), schema.path("type").asText());
            }
        }

        private void compareKinds(String path, Class<?> type, JsonNode schema) {
            JsonSubTypes.Type[] kinds = type.getAnnotation(JsonSubTypes.class).value();
            expect(path, "kinds", kinds.length, schema.path("oneOf").size());
            for (int i = 0; i < kinds.length; i++) {
                JsonNode kind = schema.path("oneOf").path(i);
                String at = path + "/" + kinds[i].name();
                expect(
                        at,
                        "kind",
                        kinds[i].name(),
                        kind.at("/properties/kind/const").asText());
                compareFields(at, kinds[i].value(), kind, List.of("kind"));
            }
        }

        private void compareFields(String path, Class<?> type, JsonNode schema, List<String> before) {
            List<String> names = new ArrayList<>(before);
            Set<String> required = new TreeSet<>(before);
            for (RecordComponent component : type.getRecordComponents()) {
                names.add(component.getName());
                boolean optional = component.getType() == Optional.class;
                if (!optional) {
                    required.add(component.getName());
                }
                Type inner = optional
                        ? ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                        : component.getGenericType();
                compare(
                        path + "/" + component.getName(),
                        inner,
                        schema.path("properties").path(component.getName()));
            }
            List<String> properties = new ArrayList<>();
            schema.path("properties").fieldNames().forEachRemaining(properties::add);
            expect(path, "properties", names, properties);
            expect(path, "required", required, new TreeSet<>(texts(schema.path("required"))));
        }

        private JsonNode resolved(JsonNode schema) {
            return schema.has("$ref") ? root.at(schema.path("$ref").asText().substring(1)) : schema;
        }

        private void expect(String path, String what, Object record, Object schema) {
            if (!record.equals(schema)) {
                differences.add(path + ": " + what + " is " + record + " in the record, " + schema + " in the schema");
            }
        }
    }

    private static String described(JsonNode schema) {
        return schema.path("description").asText();
    }

    private static String jsonType(Class<?> type) {
        if (TEXTS.contains(type)) {
            return "string";
        }
        if (type == int.class || type == long.class) {
            return "integer";
        }
        if (type == double.class || type == Double.class) {
            return "number";
        }
        return type == boolean.class ? "boolean" : "unknown to this test: " + type;
    }

    private static List<String> words(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(Field::isEnumConstant)
                .map(constant -> constant.getAnnotation(JsonProperty.class).value())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
