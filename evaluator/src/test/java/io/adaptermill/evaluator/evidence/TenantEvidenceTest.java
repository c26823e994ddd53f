package io.adaptermill.evaluator.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TenantEvidenceTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    private final TenantEvidence evidence = new TenantEvidence();

    @Test
    void a_candidate_is_complete_once_its_hold_out_is_read() {
        // Given
        assign(1, 3);

        // When / Then
        assertThat(evidence.isComplete(trained(1, 3))).isTrue();
        assertThat(evidence.isComplete(trained(1, 4))).isFalse();
        assertThat(evidence.isComplete(trained(1, 0))).isTrue();
    }

    @Test
    void hold_out_that_came_after_the_batch_does_not_judge_it() {
        // Given
        assign(1, 5);

        // When
        TenantEvidence.Case about = evidence.about(trained(1, 3));

        // Then
        assertThat(about.holdout().keySet()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void earlier_examples_are_those_that_the_champion_was_approved_on() {
        // Given
        assign(1, 9);
        evidence.trained(ACME, trained(1, 4));
        decide(1, PromotionOutcome.PROMOTED);
        evidence.trained(ACME, trained(2, 7));
        decide(2, PromotionOutcome.REFUSED);

        // When
        TenantEvidence.Case about = evidence.about(trained(3, 9));

        // Then
        assertThat(about.earlierThrough()).isEqualTo(4);
        assertThat(about.champion().orElseThrow().version()).isEqualTo(new VersionId(ACME, 1));
    }

    @Test
    void nothing_waits_for_an_example_that_was_erased() {
        // Given
        assign(1, 6);

        // When
        boolean before = evidence.isComplete(trained(1, 7));
        evidence.erased(ACME, 7);

        // Then
        assertThat(before).isFalse();
        assertThat(evidence.isComplete(trained(1, 7))).isTrue();
        assertThat(evidence.about(trained(1, 7)).holdout()).hasSize(6);
    }

    @Test
    void what_a_person_said_before_they_asked_to_be_forgotten_judges_nothing_any_more_in_either_order() {
        // Given
        SubjectErased erased =
                new SubjectErased(new EventId("x1"), new SubjectId("ann"), 2, List.of(), Optional.empty(), List.of());
        say(1, "ann");
        say(2, "bob");
        TenantEvidence.Case judging = evidence.about(trained(1, 2));

        // When
        evidence.erased(ACME, erased);
        say(1, "ann");
        say(3, "ann");

        // Then
        assertThat(evidence.about(trained(1, 3)).holdout().keySet()).containsExactly(2L, 3L);
        assertThat(evidence.isCurrent(ACME, judging)).isFalse();
        assertThat(evidence.isCurrent(ACME, evidence.about(trained(1, 3)))).isTrue();
    }

    @Test
    void only_the_newest_hold_out_is_kept() {
        // Given
        assign(1, 100);

        // When
        TenantEvidence.Case about = evidence.about(trained(1, 100));

        // Then
        assertThat(about.holdout()).hasSize(64);
        assertThat(about.holdout().firstKey()).isEqualTo(37);
    }

    @Test
    void hold_out_that_floods_in_while_a_batch_is_trained_leaves_its_own_in_place() {
        // Given
        assign(1, 1_000);

        // When
        TenantEvidence.Case first = evidence.about(trained(1, 7));
        evidence.trained(ACME, trained(1, 7));
        decide(1, PromotionOutcome.PROMOTED);
        assign(1_001, 3_000);
        TenantEvidence.Case second = evidence.about(trained(2, 90));

        // Then
        assertThat(first.holdout()).hasSize(7);
        assertThat(second.holdout().keySet())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(27, 90).boxed().toList());
    }

    @Test
    void a_waiting_candidate_keeps_its_hold_out_though_a_later_one_is_known() {
        // Given
        assign(1, 1_000);
        evidence.trained(ACME, trained(1, 70));
        evidence.trained(ACME, trained(2, 900));

        // When
        TenantEvidence.Case about = evidence.about(trained(1, 70));

        // Then
        assertThat(about.holdout().firstKey()).isEqualTo(7);
        assertThat(about.holdout()).hasSize(64);
    }

    @Test
    void after_a_roll_back_the_version_before_is_the_champion_with_what_it_was_approved_on() {
        // Given
        assign(1, 60);
        evidence.trained(ACME, trained(1, 20));
        decide(1, PromotionOutcome.PROMOTED);
        evidence.trained(ACME, trained(2, 40));
        decide(2, PromotionOutcome.PROMOTED);
        AdapterRef second = new AdapterRef(new VersionId(ACME, 2), DIGEST);
        AdapterRef first = new AdapterRef(new VersionId(ACME, 1), DIGEST);

        // When
        evidence.decided(
                ACME, PromotionDecided.rollBack(second, Optional.of(first), "worse", PromotionDecided.LIVE_RATINGS));

        // Then
        TenantEvidence.Case about = evidence.about(trained(3, 60));
        assertThat(about.champion()).contains(first);
        assertThat(about.earlierThrough()).isEqualTo(20);
    }

    private void say(long sequence, String subject) {
        evidence.assigned(
                ACME,
                new HoldoutAssigned(
                        new EventId("e" + sequence),
                        sequence,
                        Optional.of(new SubjectId(subject)),
                        new Example.Demonstration(Prompt.ofUser("How?"), "So.")));
    }

    private void assign(int from, int to) {
        for (long sequence = from; sequence <= to; sequence++) {
            evidence.assigned(
                    ACME,
                    new HoldoutAssigned(
                            new EventId("e-" + sequence),
                            sequence,
                            Optional.empty(),
                            new Example.Demonstration(Prompt.ofUser("q" + sequence), "a")));
        }
    }

    private void decide(long number, PromotionOutcome outcome) {
        evidence.decided(
                ACME, new PromotionDecided(new VersionId(ACME, number), DIGEST, outcome, Optional.empty(), "given"));
    }

    private static AdapterTrained trained(long number, long holdoutThrough) {
        return new AdapterTrained(
                new VersionId(ACME, number),
                DIGEST,
                new BatchId(ACME, number),
                Optional.empty(),
                DIGEST,
                1,
                1,
                1,
                1,
                holdoutThrough);
    }
}
