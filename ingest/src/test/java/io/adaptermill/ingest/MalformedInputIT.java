package io.adaptermill.ingest;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.TenantId;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;

/// Hundreds of inputs that must not train, over HTTP and Kafka: each gets its documented error, refusal or dead letter,
/// none reaches a batch, and the service goes on as if nothing had been.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class MalformedInputIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int INPUTS = 374;

    @SuppressWarnings("NullAway.Init") // injected
    Broker broker;

    @SuppressWarnings("NullAway.Init") // injected
    @TestHTTPResource("/v1/feedback")
    URI feedback;

    @SuppressWarnings("NullAway.Init") // injected
    @Inject
    KafkaStreams streams;

    @Test
    void each_malformed_input_is_answered_and_none_is_learned_from() throws IOException, InterruptedException {
        // Given
        TenantId tenant = new TenantId("harsh");
        List<MalformedHttp> requests = MalformedHttp.all();
        List<MalformedRecord> records = Stream.concat(
                        MalformedRecord.all(tenant.value()).stream(), MalformedRecord.ofUnknownTenants().stream())
                .toList();
        assertThat(requests.size() + records.size()).isEqualTo(INPUTS);

        try (World world = new World(broker);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            world.register(tenant, 1, 0);
            awaitTenant(client, tenant);

            // When
            List<String> wrong = new ArrayList<>();
            for (MalformedHttp request : requests)
                answer(client, tenant, request).ifPresent(wrong::add);
            for (MalformedRecord record : records) world.publish(record.record());
            world.publish(
                    Topics.FEEDBACK_RECEIVED,
                    tenant,
                    "good",
                    new FeedbackReceived(new Feedback.Demonstration(Prompt.ofUser("q"), "a", Optional.empty())));

            // Then
            assertThat(wrong).isEmpty();
            List<String> expected = records.stream()
                    .flatMap(record -> record.reason().map(reason -> record.id() + " " + reason).stream())
                    .toList();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(refusals(world)).containsExactlyInAnyOrderElementsOf(expected));
            long dead =
                    records.stream().filter(record -> record.reason().isEmpty()).count();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(world.records(Topics.DEAD_LETTERS)).hasSize((int) dead));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(world.all(Topics.BATCH_CLOSED, tenant)).isNotEmpty());
            assertThat(world.all(Topics.BATCH_CLOSED, tenant).stream()
                            .map(Envelope::event)
                            .flatMap((BatchClosed batch) -> batch.items().stream())
                            .map(item -> item.event().value()))
                    .containsExactly("good");
            assertThat(details(world, tenant)).noneMatch(detail -> detail.contains(BrokenFeedback.SECRET));
            assertThat(threadsFailed()).isZero();
            given().get("/q/health").then().statusCode(200);
        }
    }

    private static List<String> details(World world, TenantId tenant) {
        return world.all(Topics.FEEDBACK_REFUSED, tenant).stream()
                .map(envelope -> envelope.event().detail())
                .toList();
    }

    private double threadsFailed() {
        return streams.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("failed-stream-threads"))
                .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
                .sum();
    }

    private List<String> refusals(World world) {
        List<String> all = new ArrayList<>();
        List<String> tenants = new ArrayList<>(List.of("harsh"));
        for (int i = 0; i < 5; i++) tenants.add("nobody-" + i);
        for (String tenant : tenants) {
            world.all(Topics.FEEDBACK_REFUSED, new TenantId(tenant))
                    .forEach(e -> all.add(e.event().event() + " " + e.event().reason()));
        }
        return all;
    }

    private void awaitTenant(HttpClient client, TenantId tenant) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(send(client, tenant, "application/json", "[]".getBytes(UTF_8))
                                .statusCode())
                        .isEqualTo(400));
    }

    private HttpResponse<byte[]> send(HttpClient client, TenantId tenant, String type, byte[] body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(feedback)
                        .header("Authorization", "Bearer " + World.keyOf(tenant))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /// @return what was wrong with the answer
    private Optional<String> answer(HttpClient client, TenantId tenant, MalformedHttp malformed)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(feedback).POST(HttpRequest.BodyPublishers.ofByteArray(malformed.body()));
        request.header("Authorization", "Bearer " + World.keyOf(tenant));
        malformed.headers().forEach(request::setHeader);
        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode problem = EventJson.mapper().readTree(answer.body());
        String got = answer.statusCode() + " " + problem.path("code").asText();
        String expected = malformed.status() + " " + malformed.code();
        boolean isHelpful = !problem.path("detail").asText().isBlank()
                && !problem.path("nextStep").asText().isBlank()
                && !problem.toString().contains(BrokenFeedback.SECRET);
        return got.equals(expected) && isHelpful
                ? Optional.empty()
                : Optional.of(malformed.name() + ": expected " + expected + ", got " + problem);
    }
}
