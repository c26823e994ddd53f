package io.adaptermill.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.cli.promises.Answer;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Asks a tenant's model over the OpenAI-compatible interface, and keeps what an impartial client would note.
public final class ServingClient implements AutoCloseable {
    /// Names the version that answered; absent for the bare base model.
    public static final String VERSION_HEADER = "Adaptermill-Adapter";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OK = 200;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI server;

    public ServingClient(URI server) {
        this.server = server;
    }

    /// A question to a tenant's model.
    ///
    /// @param model such as `acme`, or `base` for the bare base model
    public record Question(TenantId tenant, String model, String apiKey, List<Message> messages, int tokensMax) {}

    /// What came back, and what to note about it.
    public record Reply(Answer answer, String text) {}

    public Reply ask(Question question) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + question.apiKey())
                .POST(HttpRequest.BodyPublishers.ofByteArray(EventJson.write(body(question))))
                .build();
        Instant start = Instant.now();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return reply(question, start, response);
        } catch (IOException e) {
            return failed(question, start, 0, e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(question, start, 0, "interrupted");
        }
    }

    private static ObjectNode body(Question question) {
        ObjectNode body = EventJson.mapper().createObjectNode();
        body.put("model", question.model())
                .put("max_tokens", question.tokensMax())
                .put("temperature", 0);
        body.set("messages", EventJson.mapper().valueToTree(question.messages()));
        return body;
    }

    private static Reply reply(Question question, Instant start, HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            return failed(
                    question, start, response.statusCode(), Problems.words(response.statusCode(), response.body()));
        }
        JsonNode text = Problems.json(response.body())
                .path("choices")
                .path(0)
                .path("message")
                .path("content");
        if (!text.isTextual()) return failed(question, start, OK, "no answer in the response");
        Optional<VersionId> version = response.headers()
                .firstValue(VERSION_HEADER)
                .filter(value -> value.contains("@"))
                .map(VersionId::parse);
        return new Reply(
                new Answer(question.tenant(), start, Instant.now(), OK, version, Optional.empty()), text.asText());
    }

    private static Reply failed(Question question, Instant start, int status, String error) {
        return new Reply(
                new Answer(question.tenant(), start, Instant.now(), status, Optional.empty(), Optional.of(error)), "");
    }

    @Override
    public void close() {
        client.close();
    }
}
