package io.adaptermill.evaluator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.gates.candidate.CandidateSeries;
import io.adaptermill.gates.candidate.Replayed;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/// A real broker and the real service, with a model that takes no time.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class EvaluatorIT {
    private static final int HOLDOUT = 30;

    @Inject
    @SuppressWarnings("NullAway.Init") // the test framework injects it
    FakeScoring scoring;

    @SuppressWarnings("NullAway.Init") // the test framework injects it
    Broker broker;

    /// The hold-out comes after the candidates, which must wait for it; tenant `better` then has a champion
    /// to beat.
    @Test
    void each_candidate_gets_one_verdict_of_its_own_whatever_the_others_are() throws Exception {
        // Given
        AdapterTrained better = trained("better", 1, HOLDOUT);
        AdapterTrained worse = trained("worse", 1, HOLDOUT);
        AdapterTrained early = trained("early", 1, 3);
        AdapterTrained lost = trained("lost", 1, 0);
        AdapterTrained bug = trained("bug", 1, 1);
        AdapterTrained again = trained("better", 2, HOLDOUT);
        scoring.put(better, 0.5);
        scoring.put(worse, -1.5);
        scoring.put(early, 0.5);
        scoring.put(bug, 0.5);
        scoring.put(again, 0.5);

        // When
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(broker.bootstrapServers(), Map.of())) {
            producer.send(new ProducerRecord<>(Topics.ADAPTER_TRAINED.name(), bytes("better"), bytes("{\"version\":")))
                    .get();
            for (AdapterTrained candidate : List.of(bug, lost, early, worse, better)) {
                send(producer, Topics.ADAPTER_TRAINED, candidate.version(), candidate);
            }
            assign(producer, "bug", 1);
            assign(producer, "early", 3);
            assign(producer, "worse", HOLDOUT);
            assign(producer, "better", HOLDOUT);
            broker.awaitRecords(Topics.ADAPTER_EVALUATED.name(), 5);
            PromotionDecided promoted = new PromotionDecided(
                    better.version(), better.artifact(), PromotionOutcome.PROMOTED, Optional.empty(), "it is better");
            send(producer, Topics.PROMOTION_DECIDED, better.version(), promoted);
            send(producer, Topics.ADAPTER_TRAINED, again.version(), again);
        }

        // Then
        List<AdapterEvaluated> evaluated = broker.awaitRecords(Topics.ADAPTER_EVALUATED.name(), 6).stream()
                .map(record -> EventRecords.read(Topics.ADAPTER_EVALUATED, record)
                        .envelope()
                        .orElseThrow()
                        .event())
                .toList();
        assertThat(evaluated)
                .extracting(AdapterEvaluated::ref, AdapterEvaluated::champion, AdapterEvaluated::verdict)
                .containsExactlyInAnyOrder(
                        row(better, Optional.empty(), Verdict.APPROVED),
                        row(worse, Optional.empty(), Verdict.REJECTED),
                        row(early, Optional.empty(), Verdict.NEEDS_MORE_EVIDENCE),
                        row(lost, Optional.empty(), Verdict.REJECTED),
                        row(bug, Optional.empty(), Verdict.REJECTED),
                        row(again, Optional.of(better.ref()), Verdict.NEEDS_MORE_EVIDENCE));
        assertThat(evaluated)
                .extracting(
                        AdapterEvaluated::version,
                        event -> event.test()
                                .map(test -> test.number() + "/" + test.approvedBefore())
                                .orElse("none"))
                .contains(
                        Tuple.tuple(better.version(), "1/0"),
                        Tuple.tuple(early.version(), "none"),
                        Tuple.tuple(lost.version(), "none"),
                        Tuple.tuple(again.version(), "2/1"));
        assertThat(evaluated).allMatch(event -> event.policy().isPresent());
        assertThat(reason(evaluated, better))
                .contains("hold-out loss +0.500 nats/token lower")
                .contains("n=30");
        assertThat(reason(evaluated, early)).contains("n=3: fewer than 8 examples never decide");
        assertThat(reason(evaluated, lost)).contains("artifact cannot be read");
        assertThat(reason(evaluated, bug)).contains("judging it broke down: IllegalStateException");
        assertThat(replayed(evaluated)).hasSize(6).containsOnly(new Replayed.Same());
        assertThat(broker.awaitRecords(Topics.DEAD_LETTERS, 1)).hasSize(1);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/health/live").then().statusCode(200);
    }

    /// Every verdict again, from what the topic holds alone.
    private static List<Replayed> replayed(List<AdapterEvaluated> log) {
        Map<TenantId, CandidateSeries> series = new HashMap<>();
        return log.stream()
                .map(recorded -> {
                    TenantId tenant = recorded.version().tenant();
                    CandidateSeries before = series.getOrDefault(tenant, CandidateSeries.EMPTY);
                    series.put(tenant, before.after(recorded));
                    return Replayed.of(recorded, before);
                })
                .toList();
    }

    private static Tuple row(AdapterTrained candidate, Optional<AdapterRef> champion, Verdict verdict) {
        return Tuple.tuple(candidate.ref(), champion, verdict);
    }

    private static String reason(List<AdapterEvaluated> evaluated, AdapterTrained candidate) {
        return evaluated.stream()
                .filter(event -> event.version().equals(candidate.version()))
                .map(AdapterEvaluated::reason)
                .findFirst()
                .orElseThrow();
    }

    private static void assign(KafkaProducer<byte[], byte[]> producer, String tenant, int count) throws Exception {
        for (int sequence = 1; sequence <= count; sequence++) {
            EventId event = new EventId("e-" + sequence);
            Example example = new Example.Demonstration(
                    Prompt.ofUser(tenant.equals("bug") ? "bug" : "Question " + sequence), "yes");
            HoldoutAssigned assigned = new HoldoutAssigned(event, sequence, Optional.empty(), example);
            producer.send(EventRecords.toRecord(
                            Topics.HOLDOUT_ASSIGNED,
                            new Envelope<>(new TenantId(tenant), event, "/test", Instant.EPOCH, assigned)))
                    .get();
        }
    }

    private static <E extends Event> void send(
            KafkaProducer<byte[], byte[]> producer, Topic<E> topic, VersionId version, E event) throws Exception {
        producer.send(EventRecords.toRecord(
                        topic,
                        new Envelope<>(version.tenant(), EventIds.of(version, "test"), "/test", Instant.EPOCH, event)))
                .get();
    }

    private AdapterTrained trained(String tenant, long number, long holdoutThrough) {
        BatchId batch = new BatchId(new TenantId(tenant), number);
        return new AdapterTrained(
                VersionId.of(batch),
                Digest.of(bytes(batch.toString())),
                batch,
                Optional.empty(),
                scoring.base(),
                1,
                10,
                2.5,
                2.5,
                holdoutThrough);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
