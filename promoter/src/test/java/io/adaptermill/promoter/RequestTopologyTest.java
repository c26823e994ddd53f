package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.BASE;
import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionAnswered.Mode;
import io.adaptermill.schemas.event.PromotionAnswered.Outcome;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested.Action;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.policy.Approval;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.List;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class RequestTopologyTest extends TopologyWorld {
    @Test
    void while_paused_an_approved_candidate_waits_until_a_person_approves_it() {
        // Given
        ask("p-1", Action.PAUSE, Optional.empty(), Optional.empty());
        promote(1, Optional.empty());

        // When
        ask("p-2", Action.APPROVE, Optional.of(version(1)), Optional.empty());

        // Then
        List<PromotionDecided> decisions = events(Topics.PROMOTION_DECIDED);
        assertThat(decisions)
                .extracting(PromotionDecided::outcome, PromotionDecided::by)
                .containsExactly(
                        Tuple.tuple(PromotionOutcome.HELD, Optional.empty()),
                        Tuple.tuple(PromotionOutcome.PROMOTED, Optional.of("ada")));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .extracting(PromotionAnswered::outcome, PromotionAnswered::mode, PromotionAnswered::champion)
                .containsExactly(
                        Tuple.tuple(Outcome.DONE, Mode.PAUSED, Optional.empty()),
                        Tuple.tuple(
                                Outcome.DONE,
                                Mode.PAUSED,
                                Optional.of(version(1).version())));
    }

    @Test
    void a_person_rolls_back_once_and_the_same_request_again_is_a_conflict() {
        // Given
        promote(1, Optional.empty());
        promote(2, Optional.of(version(1)));
        forgetWhatWasSaid();

        // When
        ask("p-1", Action.ROLL_BACK, Optional.empty(), Optional.of(version(2)));
        ask("p-1", Action.ROLL_BACK, Optional.empty(), Optional.of(version(2)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .containsExactly(PromotionDecided.rollBack(version(2), Optional.of(version(1)), "because", "ada"));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .extracting(PromotionAnswered::outcome)
                .containsExactly(Outcome.DONE, Outcome.CONFLICT);
    }

    @Test
    void a_pinned_version_stays_however_it_is_rated() {
        // Given
        promote(1, Optional.empty());
        rate("first", Optional.of(version(1)), 30, 3);
        promote(2, Optional.of(version(1)));
        ask("p-1", Action.PIN, Optional.empty(), Optional.of(version(2)));
        forgetWhatWasSaid();

        // When
        rate("second", Optional.of(version(2)), 1, 20);

        // Then
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();
    }

    @Test
    void a_policy_may_ask_for_a_person_whose_rejection_leaves_the_candidate_behind() {
        // Given
        GatePolicy asking = GatePolicy.DEFAULT.withApproval(Approval.PERSON);
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED,
                published(Evaluations.under(asking, evaluated(version(1), Optional.empty(), Verdict.APPROVED)))));

        // When
        ask("p-1", Action.REJECT, Optional.of(version(1)), Optional.empty());

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .extracting(PromotionDecided::outcome)
                .containsExactly(PromotionOutcome.HELD, PromotionOutcome.REFUSED);
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .singleElement()
                .satisfies(answer -> assertThat(answer.waiting()).isEmpty());
    }
}
