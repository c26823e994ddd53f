package io.adaptermill.ingest;

import io.adaptermill.ingest.runtime.IngestMeter;
import io.adaptermill.ingest.runtime.Policies;
import io.adaptermill.ingest.runtime.Timing;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.BatchPolicy;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The topology with everything around it in the hand of one test. What was read is read no more.
final class TopologyWorld implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TopologyTestDriver driver;
    private final Map<String, TestInputTopic<byte[], byte[]>> inputs = new HashMap<>();
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();

    TopologyWorld() {
        this(Duration.ofSeconds(1));
    }

    /// @param tick how often waiting things are looked at; each one costs the driver a commit
    TopologyWorld(Duration tick) {
        this(tick, Optional.empty());
    }

    /// @param kek with which people's keys are wrapped
    TopologyWorld(Duration tick, Optional<KeyEncryptionKey> kek) {
        Properties settings = new Properties();
        // A folder of its own: another run of the same tests may go on beside it.
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test-" + UUID.randomUUID());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:0");
        settings.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, WallclockTimestampExtractor.class);
        // As in the service.
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        Timing timing = new Timing(Duration.ofDays(30), Duration.ofDays(7), Duration.ofSeconds(60), tick);
        driver = new TopologyTestDriver(IngestTopology.of(new Policies(), timing, new Silent(), kek), settings, START);
    }

    static TenantPolicy policy(TenantId tenant, int examplesMax, int bufferedMax) {
        return new TenantPolicy(
                List.of(),
                new BatchPolicy(examplesMax, 16_384, Duration.ofMinutes(15), bufferedMax, Duration.ofHours(1)),
                new HoldoutPolicy(0),
                Recipe.DEFAULT,
                GatePolicy.DEFAULT);
    }

    void register(TenantId tenant, TenantPolicy policy) {
        publish(Topics.TENANT_POLICIES, tenant, "p", policy);
    }

    void feedback(TenantId tenant, String id, Feedback feedback) {
        publish(Topics.FEEDBACK_RECEIVED, tenant, id, new FeedbackReceived(feedback));
    }

    void serve(TenantId tenant, String inference, String prompt, String response) {
        publish(
                Topics.INFERENCE_SERVED,
                tenant,
                inference,
                new InferenceServed(
                        new InferenceId(inference), Prompt.ofUser(prompt), response, Optional.empty(), 1, 1, "one"));
    }

    void decide(TenantId tenant, long version, PromotionOutcome outcome) {
        publish(
                Topics.PROMOTION_DECIDED,
                tenant,
                "d" + version,
                new PromotionDecided(
                        new VersionId(tenant, version),
                        Digest.of(new byte[] {(byte) version}),
                        outcome,
                        Optional.empty(),
                        "as measured"));
    }

    <E extends Event> void publish(Topic<E> topic, TenantId tenant, String id, E event) {
        ProducerRecord<byte[], byte[]> record =
                EventRecords.toRecord(topic, new Envelope<>(tenant, new EventId(id), "/test", START, event));
        send(topic, record.key(), record.value(), record.headers());
    }

    void raw(TenantId tenant, String id, String type, byte[] value) {
        Headers headers = new RecordHeaders();
        Map.of("ce_specversion", "1.0", "ce_id", id, "ce_source", "/test", "ce_type", type)
                .forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
        send(Topics.FEEDBACK_RECEIVED, EventRecords.key(tenant), value, headers);
    }

    void unkeyed(byte[] value) {
        send(Topics.FEEDBACK_RECEIVED, null, value, new RecordHeaders());
    }

    void passes(Duration time) {
        driver.advanceWallClockTime(time);
    }

    List<BatchClosed> batches() {
        return all(Topics.BATCH_CLOSED);
    }

    List<FeedbackRefused> refusals() {
        return all(Topics.FEEDBACK_REFUSED);
    }

    List<HoldoutAssigned> heldOut() {
        return all(Topics.HOLDOUT_ASSIGNED);
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return output(Topics.DEAD_LETTERS).readRecordsToList();
    }

    List<TestRecord<byte[], byte[]>> records(String topic) {
        return output(topic).readRecordsToList();
    }

    List<byte[]> values(String topic) {
        return records(topic).stream().map(TestRecord::value).toList();
    }

    static List<String> events(BatchClosed batch) {
        return batch.items().stream().map(item -> item.event().value()).toList();
    }

    private <E extends Event> List<E> all(Topic<E> topic) {
        return read(topic).stream().map(Envelope::event).toList();
    }

    <E extends Event> List<Envelope<E>> read(Topic<E> topic) {
        return output(topic.name()).readRecordsToList().stream()
                .map(record -> EventRecords.read(
                        topic, new RecordPlace(topic.name(), 0, 0, 0), record.key(), record.headers(), record.value()))
                .map((EventRead<E> read) -> read.envelope().orElseThrow())
                .toList();
    }

    private void send(Topic<?> topic, byte @Nullable [] key, byte[] value, Headers headers) {
        inputs.computeIfAbsent(
                        topic.name(),
                        name -> driver.createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer()))
                .pipeInput(new TestRecord<>(key, value, headers));
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return outputs.computeIfAbsent(
                topic,
                name -> driver.createOutputTopic(name, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    @Override
    public void close() {
        driver.close();
    }

    private static final class Silent implements IngestMeter {
        @Override
        public void refused(RefusalReason reason) {}

        @Override
        public void quarantined(QuarantineReason reason) {}

        @Override
        public void heldOut() {}

        @Override
        public void closed(BatchClosed batch) {}

        @Override
        public void deadLettered() {}
    }
}
