package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.testkit.Broker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

/// The service as it is deployed: its configuration, its health and its figures.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class PromoterIT {
    private static final int PROMPT_ENOUGH_MILLIS = 5_000;

    @Test
    void becomes_ready_decides_counts_and_rolls_back_what_users_rate_worse() throws Exception {
        // Given
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> when().get("/q/health/ready").then().statusCode(200));
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(Broker.shared().bootstrapServers(), Map.of())) {
            send(producer, published(evaluated(version(1), Optional.empty(), Verdict.APPROVED)));
            rate(producer, 1, 20, 1);
            send(producer, published(evaluated(version(2), Optional.of(version(1)), Verdict.APPROVED)));
            Broker.shared().awaitRecords(Topics.SERVING_ADAPTERS.name(), 2);

            // When
            long asked = System.currentTimeMillis();
            rate(producer, 2, 0, 12);

            // Then
            List<ConsumerRecord<byte[], byte[]>> pointers =
                    Broker.shared().awaitRecords(Topics.SERVING_ADAPTERS.name(), 3);
            assertThat(pointers)
                    .extracting(record -> EventRecords.read(Topics.SERVING_ADAPTERS, record)
                            .envelope()
                            .orElseThrow()
                            .event()
                            .champion())
                    .containsExactly(version(1), version(2), version(1));
            assertThat(pointers.getLast().timestamp() - asked).isLessThan(PROMPT_ENOUGH_MILLIS);
        }
        String metrics = when().get("/q/metrics").asString();
        assertThat(metrics)
                .containsPattern(counted("promoted", "2.0"))
                .containsPattern(counted("refused", "0.0"))
                .containsPattern(counted("rolled-back", "1.0"));
    }

    private static void rate(KafkaProducer<byte[], byte[]> producer, long number, int good, int bad) throws Exception {
        for (int i = 0; i < good + bad; i++) {
            InferenceId inference = new InferenceId("answer-" + number + "-" + i);
            Feedback rating = new Feedback.Rating(
                    Optional.of(inference),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(i < good ? Thumb.UP : Thumb.DOWN),
                    Optional.empty(),
                    Optional.empty());
            InferenceServed served = new InferenceServed(
                    inference,
                    Prompt.ofUser("Why?"),
                    "So.",
                    Optional.of(version(number).version()),
                    2,
                    1,
                    "serving-0");
            send(producer, Topics.FEEDBACK_RECEIVED, "rating-" + inference, new FeedbackReceived(rating));
            send(producer, Topics.INFERENCE_SERVED, inference.value(), served);
        }
    }

    private static <E extends Event> void send(
            KafkaProducer<byte[], byte[]> producer, Topic<E> topic, String id, E event) throws Exception {
        producer.send(EventRecords.toRecord(
                        topic, new Envelope<>(Evaluations.ACME, new EventId(id), "/test", Instant.now(), event)))
                .get(10, TimeUnit.SECONDS);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Envelope<AdapterEvaluated> evaluation)
            throws Exception {
        producer.send(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, evaluation))
                .get(10, TimeUnit.SECONDS);
    }

    private static String counted(String outcome, String times) {
        return "adaptermill_promotion_decided_total\\{outcome=\"" + outcome + "\",?} " + times;
    }
}
