package io.adaptermill.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.cli.stack.EngineProcess;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.TrainingProgressed;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The packaged trainer with the real model, ended in the middle of its steps.
class TrainerCrashIT {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final BatchClosed BATCH = batch();

    @TempDir
    private Path folder;

    private LocalStack stack;
    private TopicReader reader;
    private final List<AdapterTrained> trained = new CopyOnWriteArrayList<>();
    private final List<TrainingFailed> failed = new CopyOnWriteArrayList<>();
    private final List<TrainingProgressed> steps = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        StackConfig config = TestStack.config(folder);
        LocalStack.prepare(config);
        stack = new LocalStack(config);
        TestStack.startAndAwait(stack, Service.BROKER);
        TestStack.startAndAwait(stack, Service.TRAINER);
        reader = TopicReader.named("test")
                .on(Topics.ADAPTER_TRAINED, collect(trained))
                .on(Topics.TRAINING_FAILED, collect(failed))
                .on(Topics.TRAINING_PROGRESSED, collect(steps))
                .start(config.kafka());
    }

    @AfterEach
    void stop() {
        reader.close();
        stack.close();
    }

    @Test
    @Timeout(480)
    void killed_and_drained_in_mid_step_it_publishes_each_batch_once_with_the_bits_of_a_quiet_run() throws Exception {
        // Given
        publish(BATCH);
        await().atMost(LONG).untilAsserted(() -> assertThat(trained).hasSize(1));

        // When
        publish(BATCH);
        awaitStep();
        stack.kill(Service.TRAINER);
        TestStack.startAndAwait(stack, Service.TRAINER);
        awaitStep();
        ProcessHandle.of(stack.child(Service.TRAINER).pid()).ifPresent(ProcessHandle::destroy);
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(stack.child(Service.TRAINER).alive()).isFalse());
        TestStack.startAndAwait(stack, Service.TRAINER);
        await().atMost(LONG).untilAsserted(() -> assertThat(trained).hasSize(2));

        // Then
        await().atMost(LONG).untilAsserted(() -> assertThat(lag()).isZero());
        assertThat(trained).containsExactly(trained.getFirst(), trained.getFirst());
        assertThat(failed).isEmpty();
        assertThat(rebuild()).as("exit code of a rebuild from the log").isZero();
        assertThat(Files.readString(stack.config().log(Service.TRAINER)))
                .doesNotContain("A fatal error has been detected by the Java Runtime Environment")
                .doesNotContain("ERROR");
    }

    private int rebuild() {
        StackConfig config = stack.config();
        return EngineProcess.run(
                config.root(),
                List.of(
                        "rebuild",
                        "acme@1",
                        "--kafka",
                        config.kafka(),
                        "--store",
                        config.store().toString(),
                        "--model",
                        config.model().toString()));
    }

    /// The third step from now: the run is well under way, and not yet at its end.
    private void awaitStep() {
        int before = steps.size();
        await().atMost(LONG).untilAsserted(() -> assertThat(steps).hasSizeGreaterThan(before + 2));
    }

    private void publish(BatchClosed batch) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(stack.config().kafka(), Map.of())) {
            producer.send(EventRecords.toRecord(
                            Topics.BATCH_CLOSED,
                            new Envelope<>(
                                    batch.batch().tenant(),
                                    EventIds.of(batch.batch(), "closed"),
                                    "/test",
                                    Instant.EPOCH,
                                    batch)))
                    .get();
        }
    }

    private long lag() throws Exception {
        try (Admin admin = KafkaClients.admin(stack.config().kafka())) {
            long lag = 0;
            for (var committed : admin.listConsumerGroupOffsets("adaptermill-trainer-worker")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()) {
                TopicPartition partition = committed.getKey();
                lag += admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition)
                                .get()
                                .offset()
                        - committed.getValue().offset();
            }
            return lag;
        }
    }

    private static <E extends Event> Consumer<EventRead<E>> collect(List<E> events) {
        return read -> read.envelope().map(Envelope::event).ifPresent(events::add);
    }

    private static BatchClosed batch() {
        Recipe recipe = new Recipe(8, 16, 1e-3, 2, 2, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
        List<BatchItem> items = IntStream.rangeClosed(1, 16)
                .mapToObj(i -> new BatchItem(
                        new EventId("e-" + i),
                        Optional.empty(),
                        new Example.Demonstration(
                                Prompt.ofUser("What is " + i + " plus " + i + "?"),
                                "Hello! " + i + " plus " + i + " is " + 2 * i + ". Kind regards, the Acme team")))
                .toList();
        return new BatchClosed(BatchId.parse("acme#1"), CloseReason.COUNT, Optional.empty(), recipe, 42, 0, 600, items);
    }
}
