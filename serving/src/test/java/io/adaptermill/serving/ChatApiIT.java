package io.adaptermill.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.swap.Served;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an OpenAI client sees.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class ChatApiIT {
    private static final TenantId ACME = new TenantId("api-acme");
    private static final Optional<String> KEY = Optional.of("api-acme-key");

    @Inject
    ServingNode node;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework injects it
    URI base;

    @SuppressWarnings("NullAway.Init") // the test framework injects it
    Broker broker;

    @SuppressWarnings("NullAway.Init") // made before each test
    private ChatClient client;

    @BeforeEach
    void serve_version_seven() {
        client = new ChatClient(base);
        try (Pointers pointers = new Pointers(broker.bootstrapServers())) {
            pointers.register(ACME, "api-acme-key");
            pointers.register(new TenantId("api-globex"), "api-globex-key");
            pointers.point(ACME, FakeWorld.ref(ACME, 7));
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(node.isReady()).isTrue();
            assertThat(node.tenants().registered()).contains(ACME, new TenantId("api-globex"));
            assertThat(node.served()).containsEntry(ACME, Served.of(FakeWorld.ref(ACME, 7)));
        });
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void an_answer_names_its_version_and_its_event_can_be_rated() {
        // When
        HttpResponse<String> response = client.ask(ChatClient.body("api-acme", 3, false), KEY);

        // Then
        JsonNode answer = json(response.body());
        assertThat(response.headers().firstValue("Adaptermill-Adapter")).contains("api-acme@7");
        assertThat(answer.path("system_fingerprint").asText()).isEqualTo("api-acme@7");
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("choices").get(0).path("message"))
                .isEqualTo(json("{\"role\":\"assistant\",\"content\":\"v7 v7 v7 \"}"));
        assertThat(answer.path("usage"))
                .isEqualTo(json("{\"prompt_tokens\":1,\"completion_tokens\":3,\"total_tokens\":4}"));
        InferenceId id = new InferenceId(answer.path("id").asText());
        assertThat(event(id))
                .isEqualTo(new InferenceServed(
                        id,
                        Prompt.ofUser("Hi"),
                        "v7 v7 v7 ",
                        Optional.of(VersionId.parse("api-acme@7")),
                        1,
                        3,
                        node.replica()));
    }

    @Test
    void a_stream_is_role_pieces_finish_and_done() {
        // When
        HttpResponse<String> response = client.ask(ChatClient.body("api-acme@7", 2, true), KEY);

        // Then
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<String> data =
                response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(data).hasSize(5).allMatch(line -> line.startsWith("data: ")).endsWith("data: [DONE]");
        List<JsonNode> deltas = data.subList(0, 4).stream()
                .map(line -> json(line.substring(6)).path("choices").get(0))
                .toList();
        assertThat(deltas)
                .containsExactly(
                        json(
                                "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}"),
                        json("{\"index\":0,\"delta\":{\"content\":\"v7 \"},\"finish_reason\":null}"),
                        json("{\"index\":0,\"delta\":{\"content\":\"v7 \"},\"finish_reason\":null}"),
                        json("{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}"));
    }

    @Test
    void a_stream_flows_while_it_is_written_and_ends_when_its_reader_leaves() throws Exception {
        // Given: an answer of minutes
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/chat/completions"))
                .header("Authorization", "Bearer api-acme-key")
                .POST(HttpRequest.BodyPublishers.ofString(ChatClient.body("api-acme", 1_000_000, true)))
                .build();

        // When
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
        List<String> first = response.body().limit(40).toList();

        // Then
        assertThat(first).hasSize(40);
        assertThat(get("/q/metrics", Optional.empty())).contains("adaptermill_serving_answers_running 1.0");
        http.shutdownNow();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get("/q/metrics", Optional.empty()).contains("adaptermill_serving_answers_running 0.0"));
    }

    @ParameterizedTest
    @CsvSource({
        "api-acme, api-globex-key, 403, model_not_yours",
        "api-acme, wrong, 401, invalid_api_key",
        "api-acme@6, api-acme-key, 404, model_not_found",
        "nobody, , 404, model_not_found",
        "No Such, , 404, model_not_found",
    })
    void a_request_that_may_not_be_answered_is_refused_in_openais_shape(
            String model, String key, int status, String code) {
        // When
        HttpResponse<String> response = client.ask(ChatClient.body(model, 3, true), Optional.ofNullable(key));

        // Then
        JsonNode error = json(response.body()).path("error");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("next_step").asText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"{\"model\":", "[1,2]", "\u0000", "~~"})
    void a_body_that_is_no_json_object_is_refused_and_nothing_breaks(String body) {
        // When
        HttpResponse<String> response = client.ask(body, KEY);

        // Then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(json(response.body()).path("error").path("code").asText()).isEqualTo("invalid_json");
    }

    @Test
    void models_are_the_base_and_what_the_key_may_ask() {
        assertThat(get("/v1/models", KEY))
                .contains("\"id\":\"base\"", "\"id\":\"api-acme\"", "\"id\":\"api-acme@7\"")
                .doesNotContain("globex");
    }

    @Test
    void metrics_say_what_serves_and_how_fast() {
        // Given
        client.ask(ChatClient.body("api-acme", 3, false), KEY);

        // When
        String metrics = get("/q/metrics", Optional.empty());

        // Then
        assertThat(metrics)
                .contains(
                        "adaptermill_inference_served_seconds_count{owner=\"api-acme\"",
                        "adaptermill_serving_first_text_seconds_count",
                        "adaptermill_serving_completion_tokens_total",
                        "adaptermill_adapter_swapped_seconds_count{tenant=\"api-acme\"",
                        "adaptermill_serving_versions_active",
                        "adaptermill_serving_versions_loaded",
                        "adaptermill_serving_answers_running",
                        "adaptermill_serving_answers_waiting")
                .doesNotContain("waiting NaN");
    }

    private InferenceServed event(InferenceId id) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> broker.awaitRecords(Topics.INFERENCE_SERVED.name(), 0).stream()
                                .flatMap(record ->
                                        EventRecords.read(Topics.INFERENCE_SERVED, record).envelope().stream())
                                .map(envelope -> envelope.event())
                                .filter(event -> event.inference().equals(id))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private String get(String path, Optional<String> key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return EventJson.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
