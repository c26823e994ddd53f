package io.adaptermill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.ingest.runtime.Policies;
import io.adaptermill.ingest.runtime.Timing;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.TopicSetup;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.BatchPolicy;
import io.adaptermill.testkit.Broker;
import io.adaptermill.testkit.WithBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Instances that stop in the middle and lose their disks, and products whose clients choose partitions otherwise.
@WithBroker(WithBroker.Scope.CLASS)
class RestartIT {
    private static final int PARTITIONS = 3;
    private static final int EVENTS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TenantId ACME = new TenantId("acme");

    @TempDir
    @SuppressWarnings("NullAway.Init") // injected
    Path folder;

    @Test
    void each_event_has_one_place_though_instances_stop_and_lose_their_disks(Broker broker) {
        // Given
        TopicSetup.ensure(broker.bootstrapServers(), PARTITIONS);
        try (World world = new World(broker)) {
            world.register(ACME, EVENTS / 4, 0.3);
            world.publish(new ProducerRecord<>(
                    Topics.TENANT_POLICIES.name(), EventRecords.key(ACME), new byte[] {(byte) 0xff}));

            // When
            for (int life = 0; life < 3; life++) {
                try (KafkaStreams streams = start(broker, folder.resolve("life-" + life))) {
                    int from = life * EVENTS / 3;
                    IntStream.range(from, from + EVENTS / 3).forEach(i -> send(world, i));
                    int some = from / 5;
                    await().atMost(PATIENCE)
                            .until(() ->
                                    world.all(Topics.HOLDOUT_ASSIGNED, ACME).size() > some);
                    streams.close(Duration.ZERO);
                }
            }
            try (KafkaStreams _ = start(broker, folder.resolve("last"))) {
                IntStream.range(0, EVENTS).forEach(i -> send(world, i));

                world.publish(Topics.TENANT_POLICIES, ACME, "impatient", impatient());

                // Then
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(repeated(world)).hasSize(EVENTS));
                assertThat(repeated(world)).containsExactlyInAnyOrderElementsOf(names());
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(placed(world)).hasSize(EVENTS));
                assertThat(placed(world)).containsExactlyInAnyOrderElementsOf(names());
            }
        }
    }

    /// Lets everything out that waits.
    private static TenantPolicy impatient() {
        TenantPolicy policy = World.policy(ACME, EVENTS / 4, 0.3);
        Duration soon = Duration.ofSeconds(1);
        return new TenantPolicy(
                policy.apiKeys(),
                new BatchPolicy(EVENTS / 4, 16_384, soon, 1_000, soon),
                policy.holdout(),
                policy.recipe(),
                policy.gate());
    }

    /// On any partition, as by a client with another hash.
    private static void send(World world, int number) {
        ProducerRecord<byte[], byte[]> record = EventRecords.toRecord(
                Topics.FEEDBACK_RECEIVED,
                new Envelope<>(
                        ACME,
                        new EventId("e" + number),
                        "/test",
                        Instant.EPOCH,
                        new FeedbackReceived(new Feedback.Demonstration(
                                Prompt.ofUser("question " + number), "fine", Optional.empty()))));
        world.publish(new ProducerRecord<>(
                record.topic(), number % PARTITIONS, record.key(), record.value(), record.headers()));
    }

    private static List<String> names() {
        return IntStream.range(0, EVENTS).mapToObj(i -> "e" + i).toList();
    }

    private static List<String> repeated(World world) {
        return world.all(Topics.FEEDBACK_REFUSED, ACME).stream()
                .map(Envelope::event)
                .filter((FeedbackRefused refused) -> refused.reason() == RefusalReason.DUPLICATE)
                .map(refused -> refused.event().value())
                .toList();
    }

    private static List<String> placed(World world) {
        List<String> placed = new ArrayList<>();
        world.all(Topics.HOLDOUT_ASSIGNED, ACME)
                .forEach(held -> placed.add(held.event().event().value()));
        for (Envelope<BatchClosed> batch : world.all(Topics.BATCH_CLOSED, ACME)) {
            batch.event().items().forEach(item -> placed.add(item.event().value()));
        }
        return placed;
    }

    private static KafkaStreams start(Broker broker, Path state) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "restart",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                StreamsConfig.STATE_DIR_CONFIG,
                state.toString(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
                WallclockTimestampExtractor.class,
                StreamsConfig.consumerPrefix("session.timeout.ms"),
                6_000));
        Timing timing =
                new Timing(Duration.ofDays(30), Duration.ofDays(7), Duration.ofSeconds(60), Duration.ofMillis(200));
        KafkaStreams streams = new KafkaStreams(
                IngestTopology.of(
                        new Policies(), timing, new IngestMetrics(new SimpleMeterRegistry()), Optional.empty()),
                settings);
        streams.setUncaughtExceptionHandler(new StreamFailures());
        streams.start();
        return streams;
    }
}
