package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.ACME;
import static io.adaptermill.promoter.Evaluations.BASE;
import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested.Action;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.Rollout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A tenant whose policy asks for a canary: acme@1 serves, acme@2 was approved.
class CanaryTopologyTest extends TopologyWorld {
    private static final GatePolicy CANARY = GatePolicy.DEFAULT.withRollout(new Rollout.Canary(0.2, 20, 0.3, 200));
    private static final Optional<AdapterRef> FIRST = Optional.of(version(1));
    private static final Optional<AdapterRef> SECOND = Optional.of(version(2));

    @BeforeEach
    void approveTheSecond() {
        promote(1, Optional.empty());
        forgetWhatWasSaid();
        approved(2);
    }

    @Test
    void an_approved_candidate_answers_some_conversations_and_nothing_else_serves() {
        // When / Then
        assertThat(events(Topics.SERVING_CANDIDATES)).containsExactly(new ServingCandidate(version(2), BASE, 0.2));
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();
        assertThat(events(Topics.PROMOTION_DECIDED))
                .singleElement()
                .satisfies(decided -> assertThat(decided.outcome()).isEqualTo(PromotionOutcome.HELD))
                .satisfies(decided -> assertThat(decided.reason()).contains("answers 20"));
    }

    @Test
    void ratings_of_both_promote_a_good_one() {
        // Given
        forgetWhatWasSaid();
        rate("first", FIRST, 80, 20);

        // When
        rate("second", SECOND, 60, 0);

        // Then
        List<PromotionDecided> decisions = events(Topics.PROMOTION_DECIDED);
        assertThat(decisions).singleElement().satisfies(decided -> {
            assertThat(decided.outcome()).isEqualTo(PromotionOutcome.PROMOTED);
            assertThat(decided.by()).contains(PromotionDecided.LIVE_RATINGS);
            assertThat(decided.championBefore()).isEqualTo(FIRST);
        });
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(2), BASE));
        assertThat(endedTrials()).isOne();
    }

    @Test
    void ratings_of_both_withdraw_a_bad_one() {
        // Given
        forgetWhatWasSaid();
        rate("first", FIRST, 40, 5);

        // When
        rate("second", SECOND, 0, 15);

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED)).singleElement().satisfies(decided -> {
            assertThat(decided.outcome()).isEqualTo(PromotionOutcome.REFUSED);
            assertThat(decided.by()).contains(PromotionDecided.LIVE_RATINGS);
        });
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();
        assertThat(endedTrials()).isOne();
    }

    @Test
    void while_one_is_tried_the_next_approved_one_waits() {
        // Given
        forgetWhatWasSaid();

        // When
        approved(3);

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .singleElement()
                .satisfies(decided -> assertThat(decided.reason()).contains("another candidate is tried"));
        assertThat(endedTrials()).isZero();
    }

    @Test
    void a_person_may_decide_before_the_ratings_do() {
        // When
        ask("p-1", Action.APPROVE, SECOND, FIRST);
        ask("p-2", Action.REJECT, SECOND, FIRST);

        // Then
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(2), BASE));
        assertThat(endedTrials()).isOne();
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .extracting(PromotionAnswered::outcome)
                .containsExactly(PromotionAnswered.Outcome.DONE, PromotionAnswered.Outcome.CONFLICT);
    }

    @Test
    void a_person_may_withdraw_it() {
        // When
        ask("p-1", Action.REJECT, SECOND, FIRST);
        rate("first", FIRST, 80, 20);
        rate("second", SECOND, 60, 0);

        // Then
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();
        assertThat(endedTrials()).isOne();
    }

    @Test
    void a_paused_tenant_promotes_nothing_by_ratings_until_somebody_resumes() {
        // Given
        ask("p-1", Action.PAUSE, Optional.empty(), FIRST);
        rate("first", FIRST, 80, 20);
        rate("second", SECOND, 60, 0);
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();

        // When
        ask("p-2", Action.RESUME, Optional.empty(), FIRST);
        rate("third", SECOND, 1, 0);

        // Then
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(2), BASE));
    }

    @Test
    void a_roll_back_of_what_it_is_compared_with_ends_it() {
        // When
        ask("p-1", Action.ROLL_BACK, Optional.empty(), FIRST);

        // Then
        assertThat(endedTrials()).isOne();
    }

    private void approved(long number) {
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED,
                published(Evaluations.under(CANARY, evaluated(version(number), FIRST, Verdict.APPROVED)))));
    }

    private long endedTrials() {
        return output(Topics.SERVING_CANDIDATES.name()).stream()
                .filter(record -> record.value() == null)
                .peek(record -> assertThat(record.key()).isEqualTo(bytes(ACME.value())))
                .count();
    }
}
