package io.adaptermill.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.adaptermill.schemas.event.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/// A topic's schema as a stranger meets it: a file, and a validator that knows nothing of our records.
record Contract(Topic<? extends Event> topic, JsonNode schema, JsonSchema validator) {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    static Contract of(Topic<? extends Event> topic) {
        JsonNode schema = json(topic.schemaResource());
        return new Contract(topic, schema, FACTORY.getSchema(schema));
    }

    static List<Contract> all() {
        return Topics.ALL.stream().<Contract>map(Contract::of).toList();
    }

    /// By the name of a golden file, such as `feedback.received.v1.preference`.
    static Contract named(String golden) {
        return all().stream()
                .filter(contract -> golden.startsWith(contract.topic().suffix() + ".v1"))
                .findFirst()
                .orElseThrow();
    }

    List<String> violations(JsonNode document) {
        return validator.validate(document).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    Event read(byte[] json) {
        return EventJson.read(json, topic.eventClass());
    }

    @Override
    public String toString() {
        return topic.suffix();
    }

    static byte[] bytes(String resource) {
        try (InputStream in = Contract.class.getResourceAsStream(resource)) {
            return Objects.requireNonNull(in, resource + " is missing").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String resource) {
        return json(bytes(resource));
    }

    static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
