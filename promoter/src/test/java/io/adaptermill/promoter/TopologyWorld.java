package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.ACME;
import static io.adaptermill.promoter.Evaluations.REASON;
import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;

import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.PromotionRequested.Action;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The promoter's topology without a broker, and what these tests say to it.
abstract class TopologyWorld {
    private TopologyTestDriver driver;

    @BeforeEach
    final void start() {
        driver = new TopologyTestDriver(PromotionTopology.build(new Silent()), new Properties());
    }

    @AfterEach
    final void stop() {
        driver.close();
    }

    void ask(String id, Action action, Optional<AdapterRef> version, Optional<AdapterRef> champion) {
        PromotionRequested request = new PromotionRequested(
                action, version.map(AdapterRef::version), champion.map(AdapterRef::version), "ada", "because");
        pipe(EventRecords.toRecord(Topics.PROMOTION_REQUESTED, of(id, request)));
    }

    void promote(long number, Optional<AdapterRef> champion) {
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(number), champion, Verdict.APPROVED))));
    }

    /// Each answer is served, then rated; the same rating comes twice.
    void rate(String name, Optional<AdapterRef> version, int good, int bad) {
        for (int i = 0; i < good + bad; i++) {
            InferenceId inference = new InferenceId(name + "-" + i);
            InferenceServed served = new InferenceServed(
                    inference, Prompt.ofUser("Why?"), "So.", version.map(AdapterRef::version), 2, 1, "serving-0");
            pipe(EventRecords.toRecord(Topics.INFERENCE_SERVED, of(inference.value(), served)));
            Feedback rating = new Feedback.Rating(
                    Optional.of(inference),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(i < good ? Thumb.UP : Thumb.DOWN),
                    Optional.empty(),
                    Optional.empty());
            Envelope<FeedbackReceived> received = of("r-" + inference, new FeedbackReceived(rating));
            pipe(EventRecords.toRecord(Topics.FEEDBACK_RECEIVED, received));
            pipe(EventRecords.toRecord(Topics.FEEDBACK_RECEIVED, received));
        }
    }

    static <E extends Event> Envelope<E> of(String id, E event) {
        return new Envelope<>(ACME, new EventId(id), "/test", Instant.EPOCH, event);
    }

    void forgetWhatWasSaid() {
        output(Topics.PROMOTION_DECIDED.name());
        output(Topics.SERVING_ADAPTERS.name());
    }

    void pipe(ProducerRecord<byte[], byte[]> record) {
        driver.createInputTopic(record.topic(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), 0L));
    }

    List<String> deadLetterReasons() {
        return output(Topics.DEAD_LETTERS).stream().map(TopologyWorld::reason).toList();
    }

    static String reason(TestRecord<byte[], byte[]> letter) {
        return new String(letter.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8);
    }

    <E extends Event> List<E> events(Topic<E> topic) {
        return output(topic.name()).stream()
                .map(record -> EventRecords.read(
                        topic, new RecordPlace(topic.name(), 0, 0, 0), record.key(), record.headers(), record.value()))
                .map(read -> read.envelope().orElseThrow().event())
                .toList();
    }

    List<TestRecord<byte[], byte[]>> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    static PromotionDecided decided(AdapterRef candidate, PromotionOutcome outcome, Optional<AdapterRef> before) {
        return new PromotionDecided(candidate.version(), candidate.artifact(), outcome, before, REASON);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// These tests look at topics only.
    private static final class Silent implements PromotionListener {
        @Override
        public void decided(AdapterRef candidate, Decision decision) {}

        @Override
        public void unreadable(ContractViolation violation) {}
    }
}
