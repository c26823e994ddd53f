package io.adaptermill.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.EventId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Hands feedback in over HTTP, in batches, and tries again while ingest says "later".
///
/// A repeated try is harmless: ingest recognises an event by its id.
public final class IngestClient implements AutoCloseable {
    private static final JsonMapper JSON = EventJson.mapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TRIES_MAX = 8;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI server;
    private final String apiKey;

    public IngestClient(URI server, String apiKey) {
        this.server = server;
        this.apiKey = apiKey;
    }

    /// One event to send.
    public record Sending(EventId id, Feedback feedback) {}

    /// What became of one event.
    ///
    /// @param refusal absent if it was accepted
    public record Result(EventId id, Optional<String> refusal) {}

    /// @return one result for each event, in their order
    /// @throws CommandFailure if ingest cannot be reached or refuses the whole request
    public List<Result> send(List<Sending> events) {
        ArrayNode batch = JSON.createArrayNode();
        events.forEach(event -> batch.add(cloudEvent(event)));
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/feedback:batch"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/cloudevents-batch+json")
                .header("Authorization", "Bearer " + apiKey)
                .POST(HttpRequest.BodyPublishers.ofByteArray(EventJson.write(batch)))
                .build();
        return results(events, withRetries(request));
    }

    private static ObjectNode cloudEvent(Sending event) {
        ObjectNode node = JSON.createObjectNode();
        node.put("specversion", "1.0")
                .put("id", event.id().value())
                .put("source", "/adaptermill/cli")
                .put("type", Topics.FEEDBACK_RECEIVED.eventType())
                .put("datacontenttype", "application/json");
        node.set("data", JSON.valueToTree(event.feedback()));
        return node;
    }

    private HttpResponse<byte[]> withRetries(HttpRequest request) {
        for (int attempt = 1; ; attempt++) {
            Optional<HttpResponse<byte[]>> response = once(request);
            boolean later = response.isEmpty()
                    || response.get().statusCode() == TOO_MANY
                    || response.get().statusCode() >= SERVER_ERROR;
            if (!later) return response.get();
            if (attempt == TRIES_MAX) throw unreachable(response);
            LockSupport.parkNanos(Duration.ofMillis(100L << attempt).toNanos());
        }
    }

    private Optional<HttpResponse<byte[]>> once(HttpRequest request) {
        try {
            return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (java.net.ConnectException e) {
            throw new CommandFailure(
                    Exit.UNREACHABLE, "Nobody answers at " + server + ".", "./adaptermill up   or   --server URL", e);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Interrupted while sending.", "run it again", e);
        }
    }

    private CommandFailure unreachable(Optional<HttpResponse<byte[]>> response) {
        return new CommandFailure(
                Exit.UNREACHABLE,
                "Ingest at " + server + " took nothing after " + TRIES_MAX + " tries"
                        + response.map(r -> ": " + Problems.words(r.statusCode(), r.body()))
                                .orElse("."),
                "./adaptermill status");
    }

    private List<Result> results(List<Sending> events, HttpResponse<byte[]> response) {
        JsonNode body = Problems.json(response.body());
        if (!body.path("results").isArray()) {
            if (response.statusCode() / 100 != 2) throw refused(response);
            return events.stream()
                    .map(event -> new Result(event.id(), Optional.empty()))
                    .toList();
        }
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            results.add(
                    new Result(events.get(i).id(), refusal(body.path("results").path(i))));
        }
        return results;
    }

    private static Optional<String> refusal(JsonNode result) {
        int status = result.path("status").asInt(202);
        if (status / 100 == 2) return Optional.empty();
        return Optional.of(Problems.words(result.path("problem").isObject() ? result.path("problem") : result, status));
    }

    private CommandFailure refused(HttpResponse<byte[]> response) {
        JsonNode body = Problems.json(response.body());
        return new CommandFailure(
                response.statusCode() == 401 || response.statusCode() == 404 ? Exit.NOT_FOUND : Exit.FAILED,
                "Ingest refused: " + Problems.words(response.statusCode(), response.body()),
                body.path("nextStep").asText("./adaptermill tenants ls shows who may send feedback"));
    }

    @Override
    public void close() {
        client.close();
    }
}
