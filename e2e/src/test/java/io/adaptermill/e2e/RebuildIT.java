package io.adaptermill.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.cli.stack.EngineProcess;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Twenty versions of four tenants, trained by the packaged trainer with the real model while it is killed
/// again and again, then trained once more from the log.
class RebuildIT {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final List<String> TENANTS = List.of("acme", "globex", "initech", "umbrella");
    private static final int VERSIONS = 5;
    private static final Recipe RECIPE = Recipe.DEFAULT.withLearningRate(1e-3);

    @TempDir
    private Path folder;

    private LocalStack stack;
    private TopicReader reader;
    private final Map<VersionId, AdapterTrained> trained = new ConcurrentHashMap<>();

    @BeforeEach
    void start() {
        StackConfig config = TestStack.config(folder);
        LocalStack.prepare(config);
        stack = new LocalStack(config);
        TestStack.startAndAwait(stack, Service.BROKER);
        TestStack.startAndAwait(stack, Service.TRAINER);
        reader = TopicReader.named("test")
                .on(
                        Topics.ADAPTER_TRAINED,
                        read -> read.envelope()
                                .map(Envelope::event)
                                .ifPresent(event -> trained.put(event.version(), event)))
                .start(config.kafka());
    }

    @AfterEach
    void stop() {
        reader.close();
        stack.close();
    }

    @Test
    @Timeout(540)
    void twenty_versions_of_four_tenants_come_out_bit_for_bit_although_the_trainer_was_killed() throws Exception {
        // Given
        for (int number = 1; number <= VERSIONS; number++) {
            for (String tenant : TENANTS) publish(batch(tenant, number));
            if (number % 2 == 0) {
                stack.kill(Service.TRAINER);
                TestStack.startAndAwait(stack, Service.TRAINER);
            }
            int versions = number * TENANTS.size();
            await().atMost(LONG).untilAsserted(() -> assertThat(trained).hasSize(versions));
        }

        // When
        StackConfig config = stack.config();
        int exit = EngineProcess.run(
                config.root(),
                Stream.of(
                                List.of("rebuild"),
                                TENANTS,
                                List.of("--kafka", config.kafka()),
                                List.of("--store", config.store().toString()),
                                List.of("--model", config.model().toString()))
                        .flatMap(List::stream)
                        .toList());

        // Then
        assertThat(exit).as("0 means that all are the same").isZero();
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

    /// Goes on from the version before, as ingest would have it after a promotion.
    private BatchClosed batch(String tenant, int number) {
        TenantId owner = new TenantId(tenant);
        BatchId batch = new BatchId(owner, number);
        List<BatchItem> items = new ArrayList<>(IntStream.rangeClosed(1, 4)
                .mapToObj(i -> item(batch, i, new Example.Demonstration(question(batch, i), "Hello! It is " + i + ".")))
                .toList());
        items.add(item(batch, 5, new Example.Edit(question(batch, 5), "No.", "Hello! Yes. Kind regards, " + tenant)));
        items.add(item(batch, 6, new Example.Preference(question(batch, 6), "Hello! Gladly.", "No.")));
        items.add(item(batch, 7, new Example.Rating(question(batch, 7), "Hello! Of course.", true)));
        return new BatchClosed(
                batch,
                CloseReason.COUNT,
                number == 1
                        ? Optional.empty()
                        : Optional.of(version(owner, number - 1).ref()),
                RECIPE,
                31L * number,
                0,
                300,
                items);
    }

    private AdapterTrained version(TenantId owner, int number) {
        return Objects.requireNonNull(trained.get(new VersionId(owner, number)));
    }

    private static Prompt question(BatchId batch, int number) {
        return Prompt.ofUser("Question " + number + " of " + batch + ": may I return a lamp?");
    }

    private static BatchItem item(BatchId batch, int number, Example example) {
        return new BatchItem(new EventId(batch + "-" + number), Optional.empty(), example);
    }
}
