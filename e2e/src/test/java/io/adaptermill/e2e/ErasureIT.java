package io.adaptermill.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.signing.Dsse;
import io.adaptermill.artifacts.signing.SigningKey;
import io.adaptermill.artifacts.signing.VerifyingKey;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.client.Erasure;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.erasure.ErasureReceipt;
import io.adaptermill.cli.policy.PolicyTree;
import io.adaptermill.cli.stack.KeyFile;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.DefencePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The packaged services with keys of their own and the real model, and a person who asks to be forgotten once three
/// versions have served, of which two learned from them.
class ErasureIT {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final TenantId ACME = new TenantId("acme");
    private static final SubjectId ANN = new SubjectId("ann");

    @TempDir
    private Path folder;

    private TestKeys signing;
    private LocalStack stack;
    private KeyFollower keys;
    private TopicReader reader;
    private final List<BatchClosed> batches = new CopyOnWriteArrayList<>();
    private final List<AdapterTrained> trained = new CopyOnWriteArrayList<>();
    private final List<Envelope<AdapterSwapped>> swapped = new CopyOnWriteArrayList<>();
    private final List<EventId> heldOut = new CopyOnWriteArrayList<>();
    private final List<EventId> erased = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        Path seal = TestKeys.seal(folder.resolve("seal.key"));
        signing = TestKeys.signing(folder.resolve("sign.pem"));
        System.setProperty(KeyFile.SEAL.property(), seal.toString());
        System.setProperty(KeyFile.SIGN.property(), signing.file().toString());
        System.setProperty(KeyFile.VERIFY.property(), signing.publicFile().toString());
        stack = started("erased", EnumSet.allOf(Service.class));
        String kafka = stack.config().kafka();
        keys = KeyFollower.start(kafka, seal);
        TopicReader.Builder builder = TopicReader.named("test").opening(keys.records());
        on(builder, Topics.BATCH_CLOSED, envelope -> batches.add(envelope.event()));
        on(builder, Topics.ADAPTER_TRAINED, envelope -> trained.add(envelope.event()));
        on(builder, Topics.ADAPTER_SWAPPED, swapped::add);
        on(
                builder,
                Topics.HOLDOUT_ASSIGNED,
                envelope -> heldOut.add(envelope.event().event()));
        on(builder, Topics.FEEDBACK_REFUSED, envelope -> refused(envelope.event()));
        reader = builder.start(kafka);
    }

    @AfterEach
    void stop() {
        for (KeyFile key : KeyFile.values()) System.clearProperty(key.property());
        reader.close();
        keys.close();
        stack.close();
    }

    @Test
    @Timeout(420)
    void after_an_erasure_serves_what_an_adapter_is_that_never_saw_the_person() throws Exception {
        // Given
        // Of these four prompts every one falls into the hold-out.
        policy("0.9");
        say("bob-01", "bob-02", "bob-05", "bob-06");
        await().atMost(LONG).untilAsserted(() -> assertThat(heldOut).hasSize(4));
        policy("0");
        learn(1, "bob-11", "bob-12", "bob-13");
        learn(2, "ann-21", "bob-22", "ann-23");
        learn(3, "bob-31", "bob-32", "bob-33");
        say("ann-41");

        // When
        ErasureReceipt receipt =
                new Erasure(stack.config().kafka(), LONG, LONG).erase(ACME, ANN, "support", "request 2026-114");
        awaitServed(5);

        // Then
        Duration fellBack =
                Duration.between(receipt.requestedAt(), swapped.get(3).time());
        assertThat(swaps()).containsExactly("1", "2", "3", "1", "4", "5");
        assertThat(fellBack).isLessThan(Duration.ofSeconds(10));
        assertThat(receipt.events()).containsExactly(new EventId("ann-21"), new EventId("ann-23"));
        assertThat(receipt.textsBefore()).isEqualTo(2);
        assertThat(receipt.textsAfter()).isZero();
        assertThat(receipt.keysDestroyed()).isOne();
        assertThat(receipt.versions()).containsExactly(version(2), version(3));
        assertThat(receipt.servedBefore()).contains(version(3));
        assertThat(receipt.servesNow()).contains(version(5));
        assertThat(receipt.outcome()).contains(PromotionOutcome.PROMOTED);
        assertThat(erased).containsExactly(new EventId("ann-41"));
        assertThat(againReadable()).as("as a process reads it that starts now").containsExactly("bob-22");
        assertThat(verified(receipt)).isEqualTo(receipt);
        Map<String, Digest> ours = bytes(stack, trained(5));
        stop();
        Map<String, Digest> theirs = neverSaw();
        assertThat(ours).isEqualTo(theirs);
        report(receipt, fellBack, ours);
    }

    /// The weights and the moments of the same three batches without the person, on a trainer and a store of their own.
    private Map<String, Digest> neverSaw() throws Exception {
        List<BatchClosed> firstThree = batches.stream()
                .filter(batch -> batch.relearns().isEmpty())
                .sorted(Comparator.comparingLong(batch -> batch.batch().number()))
                .map(batch -> batch.without(
                                item -> item.subject().filter(ANN::equals).isPresent())
                        .orElseThrow())
                .toList();
        List<AdapterTrained> control = new CopyOnWriteArrayList<>();
        Optional<AdapterRef> parent = Optional.empty();
        try (LocalStack other = started("control", EnumSet.of(Service.BROKER, Service.TRAINER));
                TopicReader results = follow(other, control)) {
            for (BatchClosed batch : firstThree) {
                BatchClosed next = new BatchClosed(
                        batch.batch(),
                        batch.reason(),
                        parent,
                        batch.recipe(),
                        batch.seed(),
                        0,
                        batch.tokensEstimated(),
                        batch.items());
                int sofar = control.size();
                publish(other, Topics.BATCH_CLOSED, batch.batch() + "/closed", next);
                await().atMost(LONG).untilAsserted(() -> assertThat(control).hasSize(sofar + 1));
                parent = Optional.of(control.getLast().ref());
            }
            assertThat(results.failure()).isEmpty();
            return bytes(other, control.getLast());
        }
    }

    private static TopicReader follow(LocalStack stack, List<AdapterTrained> results) {
        TopicReader.Builder builder = TopicReader.named("control");
        on(builder, Topics.ADAPTER_TRAINED, envelope -> results.add(envelope.event()));
        return builder.start(stack.config().kafka());
    }

    /// All but the manifest, which says which batch it was.
    private static Map<String, Digest> bytes(LocalStack stack, AdapterTrained version) throws Exception {
        Path artifact = new FileArtifactStore(stack.config().store()).folder(version.artifact());
        return Map.of(
                ArtifactFiles.WEIGHTS, Digest.of(Files.readAllBytes(artifact.resolve(ArtifactFiles.WEIGHTS))),
                ArtifactFiles.OPTIMIZER, Digest.of(Files.readAllBytes(artifact.resolve(ArtifactFiles.OPTIMIZER))),
                ArtifactFiles.CONFIG, Digest.of(Files.readAllBytes(artifact.resolve(ArtifactFiles.CONFIG))));
    }

    /// Signed, and checked as a stranger does it.
    private ErasureReceipt verified(ErasureReceipt receipt) {
        Dsse envelope = Dsse.of(ErasureReceipt.TYPE, EventJson.write(receipt), SigningKey.read(signing.file()));
        byte[] payload = envelope.verified(ErasureReceipt.TYPE, VerifyingKey.read(signing.publicFile()));
        return EventJson.read(payload, ErasureReceipt.class);
    }

    /// What is left of the second batch.
    private List<String> againReadable() throws Exception {
        List<BatchClosed> read = new CopyOnWriteArrayList<>();
        String kafka = stack.config().kafka();
        try (KeyFollower follower = KeyFollower.start(kafka, folder.resolve("seal.key"))) {
            TopicReader.Builder builder = TopicReader.named("again").opening(follower.records());
            on(builder, Topics.BATCH_CLOSED, envelope -> read.add(envelope.event()));
            try (TopicReader fresh = builder.start(kafka)) {
                fresh.caughtUp().get();
            }
        }
        return read.get(1).items().stream().map(item -> item.event().value()).toList();
    }

    private static void report(ErasureReceipt receipt, Duration fellBack, Map<String, Digest> bytes) {
        Terminal terminal = new Terminal(System.out, System.err, false, false);
        terminal.line("erasure: the version before serves after " + fellBack.toMillis()
                + " ms, learned again, gated and promoted after "
                + receipt.took().toMillis() + " ms");
        bytes.forEach((file, digest) ->
                terminal.line("erasure: " + file + " is " + digest + ", as of an adapter that never saw the person"));
        terminal.line("erasure: " + receipt.textsBefore() + " sealed texts opened before, " + receipt.textsAfter()
                + " open now; the receipt verifies");
    }

    private LocalStack started(String name, EnumSet<Service> services) {
        LocalStack started = new LocalStack(TestStack.config(folder.resolve(name)));
        LocalStack.prepare(started.config());
        TestStack.startAndAwait(started, Service.BROKER);
        services.remove(Service.BROKER);
        services.forEach(started::start);
        started.awaitReady(services, _ -> {});
        return started;
    }

    /// Gates and defences that let pass whatever comes, so that what is tested here is not their luck.
    private void policy(String holdoutShare) {
        TenantPolicy policy = PolicyTree.with(
                TenantPolicy.withDefaults(List.of()).withDefence(DefencePolicy.NONE),
                Map.of(
                        "batch.examplesMax", "3",
                        "holdout.share", holdoutShare,
                        "recipe.epochs", "2",
                        "gate.rule.kind", "improvement",
                        "gate.holdoutExamplesMin", "1",
                        "gate.improvementNatsMin", "-100",
                        "gate.earlierRiseNatsMax", "100",
                        "gate.goldenRiseNatsMax", "100"));
        Tenants.publish(stack.config().kafka(), Map.of(ACME, policy));
    }

    private void learn(long number, String... events) throws Exception {
        say(events);
        awaitServed(number);
    }

    private void awaitServed(long number) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(swapped)
                        .anySatisfy(swap -> assertThat(swap.event().to()).isEqualTo(version(number))));
    }

    private List<String> swaps() {
        return swapped.stream().map(swap -> "" + swap.event().to().number()).toList();
    }

    private AdapterTrained trained(long number) {
        return trained.stream()
                .filter(event -> event.version().equals(version(number)))
                .findFirst()
                .orElseThrow();
    }

    private void say(String... events) throws Exception {
        for (String event : events) {
            Optional<SubjectId> subject = Optional.of(new SubjectId(event.substring(0, 3)));
            Feedback feedback = new Feedback.Demonstration(Prompt.ofUser("How is " + event + "?"), "Fine!", subject);
            publish(stack, Topics.FEEDBACK_RECEIVED, event, new FeedbackReceived(feedback));
        }
    }

    private void refused(FeedbackRefused event) {
        if (event.reason() == RefusalReason.ERASED) erased.add(event.event());
    }

    private static VersionId version(long number) {
        return new VersionId(ACME, number);
    }

    private static <E extends Event> void on(TopicReader.Builder builder, Topic<E> topic, Consumer<Envelope<E>> taker) {
        builder.on(topic, read -> read.envelope().ifPresent(taker));
    }

    private static <E extends Event> void publish(LocalStack stack, Topic<E> topic, String id, E event)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(stack.config().kafka(), Map.of())) {
            producer.send(EventRecords.toRecord(
                            topic, new Envelope<>(ACME, new EventId(id), "/test", Instant.now(), event)))
                    .get();
        }
    }
}
