package io.adaptermill.ingest;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The whole service against a real broker: HTTP in, topics out.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class IngestIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // injected
    Broker broker;

    @SuppressWarnings("NullAway.Init") // set before each test
    private World world;

    @BeforeEach
    void open() {
        world = new World(broker);
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void feedback_over_http_becomes_a_batch_and_the_next_one_waits_for_its_decision() {
        // Given
        TenantId acme = registered("acme", 3, 0);

        // When
        for (int i = 1; i <= 6; i++)
            post(acme, demonstration("e" + i, "question " + i)).statusCode(202);

        // Then
        BatchClosed first = batches(acme, 1).getFirst();
        assertThat(first.reason()).isEqualTo(CloseReason.COUNT);
        assertThat(first.items().stream().map(item -> item.event().value())).containsExactly("e1", "e2", "e3");

        // When
        AdapterRef promoted = new AdapterRef(VersionId.of(first.batch()), Digest.of(new byte[] {1}));
        world.publish(
                Topics.PROMOTION_DECIDED,
                acme,
                "decided-1",
                new PromotionDecided(
                        promoted.version(),
                        promoted.artifact(),
                        PromotionOutcome.PROMOTED,
                        Optional.empty(),
                        "better on hold-out"));

        // Then
        BatchClosed second = batches(acme, 2).get(1);
        assertThat(second.parent()).contains(promoted);
        assertThat(second.items().stream().map(item -> item.event().value())).containsExactly("e4", "e5", "e6");
    }

    @Test
    void a_batch_over_http_gets_one_result_for_each_event() {
        // Given
        TenantId bulk = registered("bulk", 100, 0);
        String lines = demonstration("b1", "one") + "\n{\"kind\": \"demonstration\", \"promt\": \"x\"}\n\n{broken\n"
                + demonstration("b2", "two") + "\n";

        // When
        ValidatableResponse answer = request()
                .header("Authorization", "Bearer " + World.keyOf(bulk))
                .contentType("application/x-ndjson")
                .body(lines.getBytes(UTF_8))
                .post("/v1/feedback:batch")
                .then();

        // Then
        answer.statusCode(207)
                .body("accepted", equalTo(2))
                .body("refused", equalTo(2))
                .body("results.status", equalTo(List.of(202, 400, 400, 202)))
                .body("results[0].id", equalTo("b1"))
                .body("results[1].problem.violations.rule", hasItem(startsWith("is not a field")))
                .body("results[2].problem.code", equalTo("malformed"));
    }

    @Test
    void cloud_events_are_taken_in_batches_structured_and_binary() {
        // Given
        TenantId events = registered("events", 3, 0);
        String one = cloudEvent("c1", "one");

        // When
        request()
                .header("X-Api-Key", World.keyOf(events))
                .contentType("application/cloudevents-batch+json")
                .body("[" + one + "]")
                .post("/v1/feedback:batch")
                .then()
                .statusCode(202);
        request()
                .header("X-Api-Key", World.keyOf(events))
                .contentType("application/cloudevents+json")
                .body(cloudEvent("c2", "two"))
                .post("/v1/feedback")
                .then()
                .statusCode(202);
        request()
                .header("X-Api-Key", World.keyOf(events))
                .header("ce-specversion", "1.0")
                .header("ce-id", "c3")
                .header("ce-source", "/shop")
                .header("ce-type", Topics.FEEDBACK_RECEIVED.eventType())
                .contentType("application/json")
                .body("{\"kind\": \"demonstration\", \"prompt\": \"three\", \"response\": \"fine\"}")
                .post("/v1/feedback")
                .then()
                .statusCode(202)
                .body("id", equalTo("c3"));

        // Then
        assertThat(batches(events, 1).getFirst().items().stream().map(BatchItem::event))
                .containsExactly(new EventId("c1"), new EventId("c2"), new EventId("c3"));
    }

    @Test
    void a_rating_finds_its_answer_and_one_without_an_answer_is_refused() {
        // Given
        TenantId shop = registered("shop", 1, 0);

        // When
        post(shop, "{\"id\": \"r1\", \"kind\": \"rating\", \"inferenceId\": \"i-1\", \"thumb\": \"up\"}")
                .statusCode(202);
        post(shop, "{\"id\": \"r2\", \"kind\": \"rating\", \"inferenceId\": \"i-none\", \"thumb\": \"up\"}")
                .statusCode(202);
        world.publish(
                Topics.INFERENCE_SERVED,
                shop,
                "served-1",
                new InferenceServed(
                        new InferenceId("i-1"), Prompt.ofUser("hi"), "hello", Optional.empty(), 1, 1, "one"));

        // Then
        assertThat(batches(shop, 1).getFirst().items().getFirst().example())
                .isEqualTo(new Example.Rating(Prompt.ofUser("hi"), "hello", true));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(refusals(shop)).contains("r2 " + RefusalReason.UNKNOWN_INFERENCE));
    }

    @Test
    void an_answer_is_found_on_whatever_partition_its_producer_chose() {
        // Given
        TenantId far = registered("far", 6, 0);

        // When
        for (int partition = 0; partition < 6; partition++) {
            String inference = "far-" + partition;
            post(far, "{\"kind\": \"rating\", \"inferenceId\": \"" + inference + "\", \"thumb\": \"up\"}")
                    .statusCode(202);
            ProducerRecord<byte[], byte[]> served = EventRecords.toRecord(
                    Topics.INFERENCE_SERVED,
                    new Envelope<>(
                            far,
                            new EventId(inference),
                            "/gateway",
                            Instant.EPOCH,
                            new InferenceServed(
                                    new InferenceId(inference),
                                    Prompt.ofUser("hi " + partition),
                                    "hello",
                                    Optional.empty(),
                                    1,
                                    1,
                                    "one")));
            world.publish(
                    new ProducerRecord<>(served.topic(), partition, served.key(), served.value(), served.headers()));
        }

        // Then
        assertThat(batches(far, 1).getFirst().items()).hasSize(6);
        assertThat(refusals(far)).isEmpty();
    }

    @Test
    void every_event_sent_twice_and_split_has_exactly_one_place() {
        // Given
        TenantId twice = registered("twice", 1_000, 0.4);
        String lines = IntStream.range(0, 60)
                .mapToObj(i -> demonstration("t" + i % 50, "question " + i % 50))
                .collect(Collectors.joining("\n"));

        // When
        request()
                .header("Authorization", "Bearer " + World.keyOf(twice))
                .contentType("application/x-ndjson")
                .body(lines.getBytes(UTF_8))
                .post("/v1/feedback:batch")
                .then()
                .statusCode(202);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(refusals(twice))
                        .hasSize(10)
                        .allMatch(line -> line.endsWith(" " + RefusalReason.DUPLICATE)));
        List<Long> heldOut = world.all(Topics.HOLDOUT_ASSIGNED, twice).stream()
                .map(envelope -> envelope.event().sequence())
                .toList();
        assertThat(heldOut).hasSizeBetween(10, 30);
        assertThat(heldOut)
                .isEqualTo(IntStream.rangeClosed(1, heldOut.size())
                        .mapToObj(i -> (long) i)
                        .toList());
    }

    /// The colon in `feedback:batch` stays one.
    private static RequestSpecification request() {
        return given().urlEncodingEnabled(false);
    }

    private TenantId registered(String name, int examplesMax, double holdoutShare) {
        TenantId tenant = new TenantId(name);
        world.register(tenant, examplesMax, holdoutShare);
        await().atMost(PATIENCE)
                .untilAsserted(() -> request()
                        .header("Authorization", "Bearer " + World.keyOf(tenant))
                        .contentType("application/json")
                        .body("nothing")
                        .post("/v1/feedback")
                        .then()
                        .statusCode(400));
        return tenant;
    }

    private static ValidatableResponse post(TenantId tenant, String json) {
        return request()
                .header("Authorization", "Bearer " + World.keyOf(tenant))
                .contentType("application/json")
                .body(json)
                .post("/v1/feedback")
                .then();
    }

    private List<BatchClosed> batches(TenantId tenant, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(world.all(Topics.BATCH_CLOSED, tenant)).hasSizeGreaterThanOrEqualTo(count));
        return world.all(Topics.BATCH_CLOSED, tenant).stream()
                .map(Envelope::event)
                .toList();
    }

    private List<String> refusals(TenantId tenant) {
        return world.all(Topics.FEEDBACK_REFUSED, tenant).stream()
                .map(Envelope::event)
                .map((FeedbackRefused refused) -> refused.event() + " " + refused.reason())
                .toList();
    }

    private static String demonstration(String id, String prompt) {
        return "{\"id\": \"%s\", \"kind\": \"demonstration\", \"prompt\": \"%s\", \"response\": \"fine\"}"
                .formatted(id, prompt);
    }

    private static String cloudEvent(String id, String prompt) {
        return ("{\"specversion\": \"1.0\", \"id\": \"%s\", \"source\": \"/shop\", \"type\": \"%s\", \"data\":"
                        + " {\"kind\": \"demonstration\", \"prompt\": \"%s\", \"response\": \"fine\"}}")
                .formatted(id, Topics.FEEDBACK_RECEIVED.eventType(), prompt);
    }
}
