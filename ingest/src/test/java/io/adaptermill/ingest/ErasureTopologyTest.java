package io.adaptermill.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.kafka.seal.KeyRing;
import io.adaptermill.kafka.seal.SealedDocument;
import io.adaptermill.kafka.seal.WrappedKey;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Continual;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ErasureTopologyTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    private final TopologyWorld world = new TopologyWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void what_a_person_said_and_nobody_learned_is_in_no_later_batch() {
        // Given
        world.register(ACME, World.policy(ACME, 3, 0));
        world.feedback(ACME, "a1", said("ann"));
        world.feedback(ACME, "b1", said("bob"));

        // When
        erase(ACME, "ann");
        Stream.of("b2", "b3").forEach(id -> world.feedback(ACME, id, said("bob")));

        // Then
        assertThat(refused()).containsExactly("a1 ERASED at 0/0");
        assertThat(world.batches())
                .singleElement()
                .satisfies(batch -> assertThat(TopologyWorld.events(batch)).containsExactly("b1", "b2", "b3"));
    }

    @Test
    void what_a_person_taught_before_is_not_trained_again() {
        // Given
        TenantPolicy plain = World.policy(ACME, 2, 0);
        world.register(ACME, plain.withRecipe(plain.recipe().withContinual(new Continual.Replay(0.5))));
        world.feedback(ACME, "a1", said("ann"));
        world.feedback(ACME, "b1", said("bob"));
        world.decide(ACME, 1, PromotionOutcome.PROMOTED);

        // When
        erase(ACME, "ann");
        world.publish(
                Topics.BATCH_REOPENED,
                ACME,
                "r",
                new BatchReopened(new EventId("erase-ann"), new BatchId(ACME, 1), Optional.empty()));
        Stream.of("b2", "b3").forEach(id -> world.feedback(ACME, id, said("bob")));

        // Then
        assertThat(world.batches().getLast().replayed().orElseThrow())
                .extracting(item -> item.event().value())
                .containsExactly("b1");
    }

    @Test
    void a_rating_that_waits_for_its_answer_is_forgotten_with_the_rest() {
        // Given
        world.register(ACME, World.policy(ACME, 1, 0));
        world.feedback(ACME, "a1", rated("ann", "i-1"));
        world.feedback(ACME, "b1", rated("bob", "i-1"));

        // When
        erase(ACME, "ann");
        world.serve(ACME, "i-1", "How?", "So.");

        // Then
        assertThat(refused()).containsExactly("a1 ERASED at 0/0");
        assertThat(world.batches())
                .singleElement()
                .satisfies(batch -> assertThat(TopologyWorld.events(batch)).containsExactly("b1"));
    }

    @Test
    void what_they_say_afterwards_is_learned_and_the_same_name_of_another_tenant_is_another_person() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        world.register(GLOBEX, World.policy(GLOBEX, 2, 0));
        world.feedback(ACME, "a1", said("ann"));
        world.feedback(GLOBEX, "g1", said("ann"));

        // When
        erase(ACME, "ann");
        Stream.of("a2", "a3").forEach(id -> world.feedback(ACME, id, said("ann")));
        world.feedback(GLOBEX, "g2", said("ann"));

        // Then
        assertThat(world.batches().stream().map(TopologyWorld::events))
                .containsExactlyInAnyOrder(List.of("a2", "a3"), List.of("g1", "g2"));
    }

    @Test
    void the_rest_of_a_full_buffer_keeps_its_order_behind_the_batch_in_flight() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        for (String id : List.of("b1", "b2", "a1", "b3", "a2", "b4", "b5", "a3")) {
            world.feedback(ACME, id, said(id.startsWith("a") ? "ann" : "bob"));
        }

        // When
        erase(ACME, "ann");
        world.decide(ACME, 1, PromotionOutcome.REFUSED);
        world.decide(ACME, 2, PromotionOutcome.REFUSED);
        world.feedback(ACME, "b6", said("bob"));

        // Then
        assertThat(refused()).containsExactly("a1 ERASED at 0/2", "a2 ERASED at 0/4", "a3 ERASED at 0/7");
        assertThat(world.batches().stream().map(TopologyWorld::events))
                .containsExactly(List.of("b1", "b2"), List.of("b3", "b4"), List.of("b5", "b6"));
    }

    @Test
    void who_said_nothing_changes_nothing() {
        // Given
        world.register(ACME, World.policy(ACME, 1, 0));

        // When
        erase(ACME, "nobody");
        erase(new TenantId("unknown"), "ann");
        world.feedback(ACME, "b1", said("bob"));

        // Then
        assertThat(refused()).isEmpty();
        assertThat(world.batches()).hasSize(1);
        assertThat(world.deadLetters()).isEmpty();
    }

    @Test
    void a_deployment_with_a_key_keeps_nothing_of_a_person_in_clear_and_erases_by_destroying_theirs() {
        // Given
        KeyEncryptionKey kek = KeyEncryptionKey.random(new SecureRandom());
        KeyRing ring = new KeyRing(kek);
        try (TopologyWorld sealing = new TopologyWorld(Duration.ofSeconds(1), Optional.of(kek))) {
            sealing.register(ACME, World.policy(ACME, 3, 0));
            sealing.feedback(ACME, "a1", said("ann"));
            sealing.feedback(ACME, "b1", said("bob"));
            sealing.feedback(ACME, "a2", said("ann"));

            // When
            byte[] batch = sealing.values(Topics.BATCH_CLOSED.name()).getFirst();
            List<TestRecord<byte[], byte[]>> keys = sealing.records(Topics.SUBJECT_KEYS);
            keys.forEach(key -> ring.put(EventJson.read(key.value(), WrappedKey.class)));
            SealedDocument.Opened before = open(batch, ring);
            sealing.publish(Topics.ERASURE_REQUESTED, ACME, "x", erasure("ann"));
            List<TestRecord<byte[], byte[]>> tombstones = sealing.records(Topics.SUBJECT_KEYS);

            // Then
            assertThat(new String(batch, UTF_8)).contains("a1", "b1", "a2").doesNotContain("\"ann\"", "How?");
            assertThat(keys).as("one key a person").hasSize(2);
            assertThat(events(before)).containsExactly("a1", "b1", "a2");
            assertThat(tombstones).singleElement().satisfies(record -> {
                assertThat(record.value()).isNull();
                assertThat(record.key()).isEqualTo(keys.getFirst().key());
            });
            ring.destroy(
                    ACME,
                    EventJson.read(keys.getFirst().value(), WrappedKey.class).key());
            assertThat(events(open(batch, ring))).containsExactly("b1");
        }
    }

    @Test
    void who_comes_back_after_an_erasure_gets_another_key() {
        // Given
        KeyEncryptionKey kek = KeyEncryptionKey.random(new SecureRandom());
        try (TopologyWorld sealing = new TopologyWorld(Duration.ofSeconds(1), Optional.of(kek))) {
            sealing.register(ACME, World.policy(ACME, 1, 0));
            sealing.feedback(ACME, "a1", said("ann"));
            sealing.decide(ACME, 1, PromotionOutcome.REFUSED);

            // When
            sealing.publish(Topics.ERASURE_REQUESTED, ACME, "x", erasure("ann"));
            sealing.feedback(ACME, "a2", said("ann"));

            // Then
            List<TestRecord<byte[], byte[]>> records = sealing.records(Topics.SUBJECT_KEYS);
            assertThat(records).hasSize(3);
            assertThat(records.get(1).key()).isEqualTo(records.get(0).key());
            assertThat(records.get(2).key()).isNotEqualTo(records.get(0).key());
        }
    }

    private static SealedDocument.Opened open(byte[] batch, KeyRing ring) {
        return SealedDocument.open(Topics.BATCH_CLOSED.name(), ACME, batch, ring);
    }

    private static List<String> events(SealedDocument.Opened opened) {
        return TopologyWorld.events(EventJson.read(opened.json(), BatchClosed.class));
    }

    private static ErasureRequested erasure(String subject) {
        return new ErasureRequested(new SubjectId(subject), "support", "request 1");
    }

    private void erase(TenantId tenant, String subject) {
        world.publish(Topics.ERASURE_REQUESTED, tenant, "erase-" + subject, erasure(subject));
    }

    private List<String> refused() {
        return world.refusals().stream().map(ErasureTopologyTest::words).toList();
    }

    private static String words(FeedbackRefused refused) {
        return refused.event() + " " + refused.reason() + " at " + refused.partition() + "/" + refused.offset();
    }

    private static Feedback said(String subject) {
        return new Feedback.Demonstration(Prompt.ofUser("How?"), "So.", Optional.of(new SubjectId(subject)));
    }

    private static Feedback rated(String subject, String inference) {
        return new Feedback.Rating(
                Optional.of(new InferenceId(inference)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.of(new SubjectId(subject)));
    }
}
