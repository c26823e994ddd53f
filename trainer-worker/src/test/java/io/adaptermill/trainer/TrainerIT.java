package io.adaptermill.trainer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/// A real broker and the real service, with training that takes no time.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class TrainerIT {
    private static final int TENANTS = 12;

    @SuppressWarnings("NullAway.Init") // the test framework injects it
    Broker broker;

    @Test
    void each_batch_ends_in_exactly_one_result_and_none_stops_another() throws Exception {
        // Given: good batches of many tenants, before them one that diverges, one that breaks the trainer,
        // and bytes that are no batch
        List<BatchClosed> good =
                IntStream.range(0, TENANTS).mapToObj(i -> batch("tenant-" + i)).toList();

        // When
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(broker.bootstrapServers(), Map.of())) {
            producer.send(record(batch("nan"))).get();
            producer.send(record(batch("bug"))).get();
            producer.send(new ProducerRecord<>(Topics.BATCH_CLOSED.name(), bytes("acme"), bytes("{\"batch\":")))
                    .get();
            for (BatchClosed batch : good) producer.send(record(batch)).get();
        }

        // Then
        assertThat(read(Topics.ADAPTER_TRAINED, TENANTS))
                .containsExactlyInAnyOrderElementsOf(
                        good.stream().map(TrainerIT::expected).toList());
        assertThat(read(Topics.TRAINING_FAILED, 2))
                .containsExactlyInAnyOrder(
                        new TrainingFailed(
                                BatchId.parse("nan#1"),
                                3,
                                "the loss is not a finite number: NaN",
                                "Lower the learning rate."),
                        new TrainingFailed(
                                BatchId.parse("bug#1"),
                                1,
                                "the trainer broke down on it: IllegalStateException",
                                "Look for this batch in the trainer's log, and report what stands there."));
        assertThat(broker.awaitRecords(Topics.DEAD_LETTERS, 1))
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers().lastHeader(DeadLetters.REASON))
                        .isNotNull());
        assertThat(read(Topics.TRAINING_PROGRESSED, TENANTS + 1)).hasSize(TENANTS + 1);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/health/live").then().statusCode(200);
    }

    private <E extends Event> List<E> read(Topic<E> topic, int count) {
        return broker.awaitRecords(topic.name(), count).stream()
                .map(record -> EventRecords.read(topic, record)
                        .envelope()
                        .orElseThrow()
                        .event())
                .toList();
    }

    private static AdapterTrained expected(BatchClosed batch) {
        return new AdapterTrained(
                VersionId.of(batch.batch()),
                FakeTraining.artifact(batch),
                batch.batch(),
                batch.parent(),
                FakeTraining.BASE,
                1,
                10,
                2.5,
                2.5,
                batch.holdoutThrough());
    }

    static ProducerRecord<byte[], byte[]> record(BatchClosed batch) {
        return EventRecords.toRecord(
                Topics.BATCH_CLOSED,
                new Envelope<>(
                        batch.batch().tenant(), new EventId(batch.batch() + "/closed"), "/test", Instant.EPOCH, batch));
    }

    static BatchClosed batch(String tenant) {
        return new BatchClosed(
                new BatchId(new TenantId(tenant), 1),
                CloseReason.COUNT,
                Optional.empty(),
                Recipe.DEFAULT,
                1,
                0,
                10,
                List.of(new BatchItem(
                        new EventId("e-1"),
                        Optional.empty(),
                        new Example.Demonstration(Prompt.ofUser("Hi"), "Hello " + tenant))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
