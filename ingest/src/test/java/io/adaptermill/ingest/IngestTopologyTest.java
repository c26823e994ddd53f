package io.adaptermill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.BatchPolicy;
import io.adaptermill.schemas.policy.Continual;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestTopologyTest {
    private static final TenantId ACME = new TenantId("acme");

    private final TopologyWorld world = new TopologyWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_tenant_with_replay_sees_some_of_its_past_again_beside_what_is_new() {
        // Given
        TenantPolicy plain = World.policy(ACME, 4, 0);
        TenantPolicy replay = new TenantPolicy(
                plain.apiKeys(),
                plain.batch(),
                plain.holdout(),
                plain.recipe().withContinual(new Continual.Replay(0.5)),
                plain.gate());
        world.register(ACME, replay);

        // When
        List<BatchClosed> batches = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            world.feedback(ACME, "e" + i, demonstration("q" + i));
            batches.addAll(world.batches());
            if (i % 4 == 0) world.decide(ACME, i / 4, PromotionOutcome.PROMOTED);
        }
        world.register(ACME, plain);
        for (int i = 13; i <= 20; i++) {
            world.feedback(ACME, "e" + i, demonstration("q" + i));
            batches.addAll(world.batches());
            if (i % 4 == 0) world.decide(ACME, i / 4, PromotionOutcome.PROMOTED);
        }

        // Then
        assertThat(batches)
                .extracting(BatchClosed::replayed)
                .satisfiesExactly(
                        first -> assertThat(first).isEmpty(),
                        second -> assertThat(events(second)).hasSize(4).isSubsetOf("e1", "e2", "e3", "e4"),
                        third -> assertThat(events(third))
                                .hasSize(4)
                                .allMatch(id -> Integer.parseInt(id.substring(1)) <= 8),
                        fourth -> assertThat(fourth).isEmpty(),
                        fifth -> assertThat(fifth).isEmpty());
        assertThat(batches.get(2).taught()).hasSize(8);
    }

    private static List<String> events(Optional<List<BatchItem>> replayed) {
        return replayed.orElseThrow().stream().map(item -> item.event().value()).toList();
    }

    @Test
    void an_early_batch_closes_by_count_and_the_next_waits_for_its_decision() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));

        // When
        for (int i = 1; i <= 5; i++) world.feedback(ACME, "e" + i, demonstration("q" + i));
        List<BatchClosed> before = world.batches();
        world.decide(ACME, 1, PromotionOutcome.HELD);
        List<BatchClosed> after = world.batches();

        // Then
        assertThat(before).hasSize(1);
        assertThat(TopologyWorld.events(before.getFirst())).containsExactly("e1", "e2");
        assertThat(after).hasSize(1);
        assertThat(after.getFirst().batch()).isEqualTo(new BatchId(ACME, 2));
        assertThat(TopologyWorld.events(after.getFirst())).containsExactly("e3", "e4");
        assertThat(after.getFirst().parent())
                .contains(new AdapterRef(new VersionId(ACME, 1), Digest.of(new byte[] {1})));
    }

    @Test
    void a_refused_candidate_and_a_failed_training_leave_the_parent() {
        // Given
        world.register(ACME, World.policy(ACME, 1, 0));

        // When
        for (int i = 1; i <= 4; i++) world.feedback(ACME, "e" + i, demonstration("q" + i));
        world.decide(ACME, 1, PromotionOutcome.PROMOTED);
        world.decide(ACME, 2, PromotionOutcome.REFUSED);
        world.publish(
                Topics.TRAINING_FAILED, ACME, "f", new TrainingFailed(new BatchId(ACME, 3), 1, "NaN", "look at it"));

        // Then
        assertThat(world.batches().stream()
                        .map(batch -> batch.parent().map(ref -> ref.version().number())))
                .containsExactly(Optional.empty(), Optional.of(1L), Optional.of(1L), Optional.of(1L));
    }

    @Test
    void time_closes_a_batch_that_is_old_and_releases_one_without_a_decision() {
        // Given
        world.register(ACME, World.policy(ACME, 10, 0));
        world.feedback(ACME, "e1", demonstration("q1"));

        // When
        world.passes(Duration.ofMinutes(14));
        List<BatchClosed> early = world.batches();
        world.passes(Duration.ofMinutes(1));
        List<BatchClosed> old = world.batches();
        world.feedback(ACME, "e2", demonstration("q2"));
        world.passes(Duration.ofMinutes(59));
        List<BatchClosed> waiting = world.batches();
        world.passes(Duration.ofMinutes(1));
        List<BatchClosed> released = world.batches();

        // Then
        assertThat(early).isEmpty();
        assertThat(old.stream().map(BatchClosed::reason)).containsExactly(CloseReason.AGE);
        assertThat(waiting).isEmpty();
        assertThat(released.stream().map(TopologyWorld::events)).containsExactly(List.of("e2"));
    }

    @Test
    void a_shorter_age_counts_for_what_waits_already() {
        // Given
        world.register(ACME, World.policy(ACME, 10, 0));
        world.feedback(ACME, "e1", demonstration("q1"));
        TenantPolicy policy = World.policy(ACME, 10, 0);

        // When
        world.passes(Duration.ofMinutes(2));
        world.register(
                ACME,
                new TenantPolicy(
                        policy.apiKeys(),
                        new BatchPolicy(10, 16_384, Duration.ofMinutes(1), 1_000, Duration.ofHours(1)),
                        policy.holdout(),
                        policy.recipe(),
                        policy.gate()));
        world.passes(Duration.ofSeconds(1));

        // Then
        assertThat(world.batches().stream().map(BatchClosed::reason)).containsExactly(CloseReason.AGE);
    }

    @Test
    void a_rating_is_joined_whether_it_comes_before_its_answer_or_after() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));

        // When
        world.feedback(ACME, "before", thumbUp("i-1"));
        world.serve(ACME, "i-1", "hi", "hello");
        world.feedback(ACME, "after", thumbUp("i-1"));

        // Then
        assertThat(world.batches().getFirst().items().stream().map(item -> item.example()))
                .containsExactly(
                        new Example.Rating(Prompt.ofUser("hi"), "hello", true),
                        new Example.Rating(Prompt.ofUser("hi"), "hello", true));
    }

    @Test
    void a_rating_whose_answer_never_comes_is_refused_once() {
        // Given
        world.register(ACME, World.policy(ACME, 2, 0));
        world.feedback(ACME, "r", thumbUp("i-1"));

        // When
        world.passes(Duration.ofSeconds(59));
        List<FeedbackRefused> early = world.refusals();
        world.passes(Duration.ofSeconds(2));
        List<FeedbackRefused> late = world.refusals();
        world.serve(ACME, "i-1", "hi", "hello");
        world.passes(Duration.ofHours(1));

        // Then
        assertThat(early).isEmpty();
        assertThat(late.stream().map(FeedbackRefused::reason)).containsExactly(RefusalReason.UNKNOWN_INFERENCE);
        assertThat(world.refusals()).isEmpty();
        assertThat(world.batches()).isEmpty();
    }

    @Test
    void one_tenants_answer_never_serves_anothers_rating() {
        // Given
        TenantId other = new TenantId("other");
        world.register(ACME, World.policy(ACME, 1, 0));
        world.register(other, World.policy(other, 1, 0));
        world.serve(other, "i-1", "secret question", "secret answer");

        // When
        world.feedback(ACME, "r", thumbUp("i-1"));
        world.passes(Duration.ofMinutes(2));

        // Then
        assertThat(world.batches()).isEmpty();
        assertThat(world.refusals().stream().map(FeedbackRefused::reason))
                .containsExactly(RefusalReason.UNKNOWN_INFERENCE);
    }

    @Test
    void refusals_say_why_and_where() {
        // Given
        world.register(ACME, World.policy(ACME, 100, 0));

        // When
        world.feedback(ACME, "e", demonstration("q"));
        world.feedback(ACME, "e", demonstration("q"));
        world.feedback(new TenantId("nobody"), "e", demonstration("q"));
        world.feedback(
                ACME, "big", new Feedback.Demonstration(Prompt.ofUser("q"), "x".repeat(70_000), Optional.empty()));
        world.raw(ACME, "bad", Topics.FEEDBACK_RECEIVED.eventType(), "{\"kind\": \"demonstration\"}".getBytes());
        world.raw(ACME, "v2", "io.adaptermill.feedback.received.v2", "{}".getBytes());
        world.raw(ACME, "huge", Topics.FEEDBACK_RECEIVED.eventType(), new byte[600_000]);

        // Then
        assertThat(world.refusals().stream().map(r -> r.event() + " " + r.reason() + " " + r.offset()))
                .containsExactly(
                        "e DUPLICATE 1",
                        "e UNKNOWN_TENANT 2",
                        "big TOO_LARGE 3",
                        "bad CONTRACT_VIOLATION 4",
                        "v2 UNSUPPORTED_SCHEMA_VERSION 5",
                        "huge TOO_LARGE 6");
    }

    @Test
    void what_names_nobody_who_could_be_told_is_dead_lettered_as_it_came() {
        // Given
        byte[] noise = {(byte) 0xff, 0, 1};

        // When
        world.unkeyed(noise);

        // Then
        var letter = world.deadLetters().getFirst();
        assertThat(letter.value()).isEqualTo(noise);
        assertThat(letter.headers().lastHeader(DeadLetters.FIELD).value()).isEqualTo("key".getBytes());
        assertThat(letter.headers().lastHeader(DeadLetters.TOPIC).value())
                .isEqualTo(Topics.FEEDBACK_RECEIVED.name().getBytes());
        assertThat(letter.headers().lastHeader("origin-offset")).isNull();
    }

    @Test
    void a_decision_under_another_tenants_key_moves_nothing() {
        // Given
        world.register(ACME, World.policy(ACME, 1, 0));
        world.feedback(ACME, "e1", demonstration("q1"));
        world.feedback(ACME, "e2", demonstration("q2"));
        PromotionDecided foreign = new PromotionDecided(
                new VersionId(new TenantId("other"), 1),
                Digest.of(new byte[] {1}),
                PromotionOutcome.PROMOTED,
                Optional.empty(),
                "r");

        // When
        world.publish(Topics.PROMOTION_DECIDED, ACME, "d", foreign);

        // Then
        assertThat(world.batches()).hasSize(1);
        assertThat(world.deadLetters()).hasSize(1);
    }

    @Test
    void a_full_buffer_refuses_until_a_batch_is_released() {
        // Given
        world.register(ACME, TopologyWorld.policy(ACME, 1, 2));

        // When
        for (int i = 1; i <= 5; i++) world.feedback(ACME, "e" + i, demonstration("q" + i));
        world.decide(ACME, 1, PromotionOutcome.PROMOTED);
        world.feedback(ACME, "e6", demonstration("q6"));

        // Then
        assertThat(world.refusals().stream().map(r -> r.event() + " " + r.reason()))
                .containsExactly("e4 BUFFER_FULL", "e5 BUFFER_FULL");
        assertThat(world.batches().stream().flatMap(batch -> TopologyWorld.events(batch).stream()))
                .containsExactly("e1", "e2");
    }

    @Test
    void hold_out_is_counted_and_batches_say_through_where() {
        // Given
        world.register(ACME, World.policy(ACME, 20, 0.5));

        // When
        for (int i = 1; i <= 60; i++) world.feedback(ACME, "e" + i, demonstration("q" + i));

        // Then
        List<HoldoutAssigned> heldOut = world.heldOut();
        BatchClosed batch = world.batches().getFirst();
        assertThat(heldOut.stream().map(HoldoutAssigned::sequence))
                .startsWith(1L, 2L, 3L)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(batch.holdoutThrough()).isBetween(5L, (long) heldOut.size());
    }

    @Test
    void personal_data_leaves_before_anything_is_published() {
        // Given
        world.register(ACME, World.policy(ACME, 1, 0));

        // When
        world.feedback(
                ACME,
                "e1",
                new Feedback.Demonstration(Prompt.ofUser("I am jane@example.com"), "Hello", Optional.empty()));

        // Then
        assertThat(world.batches().getFirst().items().getFirst().example())
                .isEqualTo(new Example.Demonstration(Prompt.ofUser("I am [email]"), "Hello"));
    }

    private static Feedback demonstration(String prompt) {
        return new Feedback.Demonstration(Prompt.ofUser(prompt), "fine", Optional.empty());
    }

    private static Feedback thumbUp(String inference) {
        return new Feedback.Rating(
                Optional.of(new InferenceId(inference)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.empty());
    }
}
