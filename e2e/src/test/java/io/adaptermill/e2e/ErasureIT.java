package io.adaptermill.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.cli.client.Erasure;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.erasure.ErasureReceipt;
import io.adaptermill.cli.policy.PolicyTree;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Ports;
import io.adaptermill.cli.stack.KeyFile;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The packaged ingest with a key of its own, the packaged promoter, and a person who asks to be forgotten.
class ErasureIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TenantId ACME = new TenantId("acme");
    private static final VersionId FIRST = new VersionId(ACME, 1);

    @TempDir
    private Path folder;

    private LocalStack stack;
    private KeyFollower keys;
    private TopicReader reader;
    private final List<BatchClosed> batches = new CopyOnWriteArrayList<>();
    private final List<PromotionDecided> decided = new CopyOnWriteArrayList<>();
    private final List<EventId> erased = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path file = Files.writeString(
                folder.resolve("seal.key"), Base64.getEncoder().encodeToString(secret));
        System.setProperty(KeyFile.SEAL.property(), file.toString());
        StackConfig config =
                new StackConfig(Path.of("..").toAbsolutePath().normalize(), folder, folder, Ports.free(false), 2);
        LocalStack.prepare(config);
        stack = new LocalStack(config);
        for (Service service : List.of(Service.BROKER, Service.INGEST, Service.PROMOTER)) {
            TestStack.startAndAwait(stack, service);
        }
        keys = KeyFollower.start(config.kafka(), file);
        reader = TopicReader.named("test")
                .opening(keys.records())
                .on(
                        Topics.BATCH_CLOSED,
                        read -> read.envelope().map(Envelope::event).ifPresent(batches::add))
                .on(
                        Topics.PROMOTION_DECIDED,
                        read -> read.envelope().map(Envelope::event).ifPresent(decided::add))
                .on(
                        Topics.FEEDBACK_REFUSED,
                        read -> read.envelope()
                                .map(Envelope::event)
                                .filter(refused -> refused.reason() == RefusalReason.ERASED)
                                .map(FeedbackRefused::event)
                                .ifPresent(erased::add))
                .start(config.kafka());
    }

    @AfterEach
    void stop() {
        System.clearProperty(KeyFile.SEAL.property());
        reader.close();
        keys.close();
        stack.close();
    }

    @Test
    @Timeout(240)
    void what_a_person_said_opens_for_nobody_and_what_learned_from_it_serves_nobody() throws Exception {
        // Given
        TenantPolicy policy = PolicyTree.with(
                TenantPolicy.withDefaults(List.of()),
                Map.of("batch.examplesMax", "4", "batch.decisionWaitMax", "PT1S", "holdout.share", "0"));
        Tenants.publish(stack.config().kafka(), Map.of(ACME, policy));
        for (String id : List.of("ann-1", "bob-1", "ann-2", "bob-2")) say(id);
        await().atMost(LONG).untilAsserted(() -> assertThat(batches).hasSize(1));
        promote(batches.getFirst());
        await().atMost(LONG).untilAsserted(() -> assertThat(decided).hasSize(1));
        say("ann-3");
        say("bob-3");

        // When
        ErasureReceipt receipt = new Erasure(stack.config().kafka(), LONG, Duration.ZERO)
                .erase(ACME, new SubjectId("ann"), "support", "request 2026-114");
        await().atMost(LONG).untilAsserted(() -> assertThat(erased).containsExactly(new EventId("ann-3")));
        await().atMost(LONG).untilAsserted(() -> assertThat(batches).hasSize(2));

        // Then
        assertThat(receipt.events()).containsExactly(new EventId("ann-1"), new EventId("ann-2"));
        assertThat(receipt.textsBefore()).isEqualTo(2);
        assertThat(receipt.textsAfter()).isZero();
        assertThat(receipt.keysDestroyed()).isOne();
        assertThat(events(batches.getFirst())).containsExactly("ann-1", "bob-1", "ann-2", "bob-2");
        assertThat(receipt.servedBefore()).contains(FIRST);
        assertThat(receipt.servesNow()).isEmpty();
        assertThat(receipt.versions()).containsExactly(FIRST);
        assertThat(receipt.again()).containsExactly(batches.getFirst().batch());
        assertThat(decided.getLast().outcome()).isEqualTo(PromotionOutcome.ROLLED_BACK);
        assertThat(decided.getLast().by()).contains(PromotionDecided.ERASURE);
        assertThat(batches.getLast().relearns()).contains(batches.getFirst().batch());
        assertThat(batches.getLast().seed()).isEqualTo(batches.getFirst().seed());
        assertThat(batches.getLast().parent()).as("the base model").isEmpty();
        assertThat(events(batches.getLast())).containsExactly("bob-1", "bob-2");
        assertThat(again()).as("as a process reads it that starts now").containsExactly("bob-1", "bob-2");
    }

    /// As trainer and evaluator would have it.
    private void promote(BatchClosed batch) throws Exception {
        Digest artifact = Digest.of(new byte[] {1});
        Digest base = Digest.of(new byte[] {2});
        publish(
                Topics.ADAPTER_TRAINED,
                "trained",
                new AdapterTrained(FIRST, artifact, batch.batch(), Optional.empty(), base, 2, 10, 2.0, 1.0, 0));
        publish(
                Topics.ADAPTER_EVALUATED,
                "evaluated",
                new AdapterEvaluated(
                        FIRST, artifact, Optional.empty(), base, Verdict.APPROVED, "better", List.of(), List.of()));
    }

    private <E extends Event> void publish(Topic<E> topic, String id, E event) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(stack.config().kafka(), Map.of())) {
            producer.send(EventRecords.toRecord(
                            topic, new Envelope<>(ACME, new EventId(id), "/test", Instant.now(), event)))
                    .get();
        }
    }

    /// The first batch, read from the beginning.
    private List<String> again() throws Exception {
        List<BatchClosed> read = new CopyOnWriteArrayList<>();
        String kafka = stack.config().kafka();
        try (KeyFollower follower = KeyFollower.start(kafka, folder.resolve("seal.key"));
                TopicReader fresh = TopicReader.named("again")
                        .opening(follower.records())
                        .on(
                                Topics.BATCH_CLOSED,
                                event -> event.envelope().map(Envelope::event).ifPresent(read::add))
                        .start(kafka)) {
            follower.catchUp();
            fresh.caughtUp().get();
        }
        return events(read.getFirst());
    }

    private static List<String> events(BatchClosed batch) {
        return batch.items().stream().map(BatchItem::event).map(EventId::value).toList();
    }

    private void say(String id) throws Exception {
        Optional<SubjectId> subject = Optional.of(new SubjectId(id.substring(0, 3)));
        Feedback feedback = new Feedback.Demonstration(Prompt.ofUser("How is " + id + "?"), "Fine.", subject);
        publish(Topics.FEEDBACK_RECEIVED, id, new FeedbackReceived(feedback));
    }
}
