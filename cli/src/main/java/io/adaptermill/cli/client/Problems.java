package io.adaptermill.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.adaptermill.schemas.EventJson;
import java.io.IOException;

/// Puts problem documents (RFC 9457) into words.
final class Problems {
    private static final JsonMapper JSON = EventJson.mapper();

    private Problems() {}

    static JsonNode json(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    static String words(int status, byte[] body) {
        return words(json(body), status);
    }

    static String words(JsonNode problem, int status) {
        JsonNode inner = problem.path("error").isObject() ? problem.path("error") : problem;
        String text = inner.path("detail").asText("");
        if (text.isBlank()) text = inner.path("message").asText("");
        if (text.isBlank()) text = inner.path("title").asText("");
        return text.isBlank() ? "status " + status : text + " (" + status + ")";
    }
}
