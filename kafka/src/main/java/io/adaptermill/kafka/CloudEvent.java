package io.adaptermill.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.error.ContractViolation;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The attributes of a CloudEvent and its JSON data, however they were transported.
///
/// @param attributes by their names in the specification
/// @param prefix what people see before an attribute's name in this transport
record CloudEvent(Function<String, Optional<String>> attributes, String prefix, byte[] data) {
    private static final JsonMapper JSON = EventJson.mapper();

    Optional<String> attribute(String name) {
        return attributes.apply(name);
    }

    String field(String name) {
        return prefix + name;
    }

    /// Structured mode: attributes and data together in one JSON object.
    static CloudEvent structured(byte[] json, BiFunction<String, String, ContractViolation> violation) {
        try {
            String text = Utf8.text(json).orElseThrow(() -> violation.apply("data", "must be UTF-8"));
            JsonNode root = JSON.readTree(text);
            JsonNode data = root.path("data");
            if (!root.isObject() || data.isMissingNode()) {
                throw violation.apply("data", "must be set in a structured CloudEvent");
            }
            return new CloudEvent(name -> text(root.path(name)), "", JSON.writeValueAsBytes(data));
        } catch (IOException e) {
            throw violation.apply("data", JsonFault.of(e).rule());
        }
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
    }
}
