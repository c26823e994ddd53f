package io.adaptermill.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.cli.promises.Answer;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.id.InferenceId;
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
    ///
    /// @param id under which it may be rated; absent without an answer
    public record Reply(Answer answer, Optional<InferenceId> id, String text) {}

    /// What answers for a tenant now, such as `acme@7`, or `base`; absent if the server does not say.
    public Optional<String> answeredBy(TenantId tenant, String apiKey) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/models"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + apiKey)
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != OK) return Optional.empty();
            for (JsonNode model : Problems.json(response.body()).path("data")) {
                if (model.path("id").asText().equals(tenant.value())) {
                    return Optional.of(model.path("answered_by").asText());
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

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
        JsonNode body = Problems.json(response.body());
        JsonNode text = body.path("choices").path(0).path("message").path("content");
        if (!text.isTextual()) return failed(question, start, OK, "no answer in the response");
        Optional<VersionId> version = response.headers()
                .firstValue(VERSION_HEADER)
                .filter(value -> value.contains("@"))
                .map(VersionId::parse);
        return new Reply(
                new Answer(question.tenant(), start, Instant.now(), OK, version, Optional.empty()),
                Optional.of(new InferenceId(body.path("id").asText())),
                text.asText());
    }

    private static Reply failed(Question question, Instant start, int status, String error) {
        return new Reply(
                new Answer(question.tenant(), start, Instant.now(), status, Optional.empty(), Optional.of(error)),
                Optional.empty(),
                "");
    }

    @Override
    public void close() {
        client.close();
    }
}
