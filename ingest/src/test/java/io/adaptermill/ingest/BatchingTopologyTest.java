package io.adaptermill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
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

class BatchingTopologyTest {
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
        TenantPolicy replay = plain.withRecipe(plain.recipe().withContinual(new Continual.Replay(0.5)));
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

    private static Feedback demonstration(String prompt) {
        return new Feedback.Demonstration(Prompt.ofUser(prompt), "fine", Optional.empty());
    }
}
