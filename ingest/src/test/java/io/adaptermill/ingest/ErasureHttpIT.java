package io.adaptermill.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Erasures over HTTP, and the batches that come back from the archive for them, against a real broker.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class ErasureHttpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TenantId FORGETFUL = new TenantId("forgetful");

    @SuppressWarnings("NullAway.Init") // injected
    Broker broker;

    @SuppressWarnings("NullAway.Init") // set before each test
    private World world;

    @BeforeEach
    void open() {
        world = new World(broker);
        world.register(FORGETFUL, 2, 0);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> from(FORGETFUL).get("/v1/erasures/nothing").then().statusCode(404));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_person_is_forgotten_over_http_and_the_rest_of_the_batch_comes_back_to_be_learned_again() {
        // Given
        say("ann-1", "ann");
        say("bob-1", "bob");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(batches()).hasSize(1));
        world.publish(
                Topics.PROMOTION_DECIDED,
                FORGETFUL,
                "decided-1",
                new PromotionDecided(
                        new VersionId(FORGETFUL, 1),
                        Digest.of(new byte[] {1}),
                        PromotionOutcome.PROMOTED,
                        Optional.empty(),
                        "better"));

        // When
        ask("{\"id\":\"r-1\",\"subject\":\"ann\",\"requestedBy\":\"ada\",\"reason\":\"request 1\"}")
                .statusCode(202)
                .header("Location", containsString("/v1/erasures/r-1"));
        ask("{\"id\":\"r-1\",\"subject\":\"ann\",\"requestedBy\":\"ada\",\"reason\":\"request 1\"}")
                .statusCode(202);
        ask("{\"id\":\"r-1\",\"subject\":\"bob\",\"requestedBy\":\"ada\",\"reason\":\"request 1\"}")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", equalTo("conflict"));

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> from(FORGETFUL)
                        .get("/v1/erasures/r-1")
                        .then()
                        .statusCode(200)
                        .body("state", equalTo("done"))
                        .body("versions", contains("forgetful@1"))
                        .body("again", equalTo(1)));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(batches()).hasSize(2));
        BatchClosed again = batches().getLast();
        assertThat(again.relearns()).contains(batches().getFirst().batch());
        assertThat(again.seed()).isEqualTo(batches().getFirst().seed());
        assertThat(again.parent()).isEmpty();
        assertThat(again.items()).extracting(item -> item.event().value()).containsExactly("bob-1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> from(FORGETFUL)
                        .get("/v1/lineage/feedback/bob-1")
                        .then()
                        .statusCode(200)
                        .body("of", equalTo("feedback"))
                        .body("whereabouts.batch", equalTo("forgetful#1")));
        from(FORGETFUL).get("/v1/lineage/versions/77").then().statusCode(404).body("code", equalTo("unknown"));
    }

    @Test
    void a_request_that_lacks_something_is_told_so() {
        ask("{\"subject\":\"ann\"}")
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("invalid"));
    }

    private List<BatchClosed> batches() {
        return world.all(Topics.BATCH_CLOSED, FORGETFUL).stream()
                .map(Envelope::event)
                .toList();
    }

    private static void say(String id, String subject) {
        Feedback feedback = new Feedback.Demonstration(
                Prompt.ofUser("How is " + id + "?"), "So.", Optional.of(new SubjectId(subject)));
        from(FORGETFUL)
                .header("ce-specversion", "1.0")
                .header("ce-id", id)
                .header("ce-source", "/test")
                .header("ce-type", Topics.FEEDBACK_RECEIVED.eventType())
                .contentType("application/json")
                .body(EventJson.write(feedback))
                .post("/v1/feedback")
                .then()
                .statusCode(202);
    }

    private static ValidatableResponse ask(String body) {
        return from(FORGETFUL)
                .contentType("application/json")
                .body(body)
                .post("/v1/erasures")
                .then();
    }

    private static RequestSpecification from(TenantId tenant) {
        return given().header("Authorization", "Bearer " + World.keyOf(tenant));
    }
}
