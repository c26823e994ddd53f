package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.BASE;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.promoter.promotion.Promotions;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested.Action;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ErasureTopologyTest extends TopologyWorld {
    @Test
    void what_serves_gives_way_at_once_to_the_last_that_did_not_learn_from_the_person() {
        // Given
        promote(1, Optional.empty());
        promote(2, Optional.of(version(1)));
        promote(3, Optional.of(version(2)));
        forgetWhatWasSaid();

        // When
        erase(2, 3);

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .containsExactly(PromotionDecided.rollBack(
                        version(3), Optional.of(version(1)), Promotions.ERASED, PromotionDecided.ERASURE));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
    }

    @Test
    void the_base_model_serves_if_all_that_served_learned_from_the_person() {
        // Given
        promote(1, Optional.empty());
        forgetWhatWasSaid();

        // When
        erase(1);

        // Then
        assertThat(output(Topics.SERVING_ADAPTERS.name()))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isNull());
    }

    @Test
    void a_verdict_that_comes_later_promotes_nothing_that_learned_from_the_person() {
        // Given
        promote(1, Optional.empty());
        forgetWhatWasSaid();

        // When
        erase(2);
        promote(2, Optional.of(version(1)));
        promote(3, Optional.of(version(1)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .extracting(PromotionDecided::version, PromotionDecided::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(version(2).version(), PromotionOutcome.REFUSED),
                        org.assertj.core.groups.Tuple.tuple(version(3).version(), PromotionOutcome.PROMOTED));
    }

    @Test
    void a_candidate_that_waits_for_a_person_waits_no_longer() {
        // Given
        ask("p-1", Action.PAUSE, Optional.empty(), Optional.empty());
        promote(1, Optional.empty());
        forgetWhatWasSaid();

        // When
        erase(1);
        ask("p-2", Action.APPROVE, Optional.of(version(1)), Optional.empty());

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .singleElement()
                .satisfies(decision -> assertThat(decision.outcome()).isEqualTo(PromotionOutcome.REFUSED));
        assertThat(events(Topics.PROMOTION_ANSWERED).getLast().outcome()).isEqualTo(PromotionAnswered.Outcome.REFUSED);
    }

    @Test
    void nobody_can_go_back_to_what_learned_from_the_person() {
        // Given
        promote(1, Optional.empty());
        promote(2, Optional.of(version(1)));
        erase(1);
        forgetWhatWasSaid();

        // When
        ask("p-1", Action.ROLL_BACK, Optional.of(version(1)), Optional.of(version(2)));

        // Then
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .extracting(PromotionAnswered::outcome)
                .containsExactly(PromotionAnswered.Outcome.REFUSED);
    }

    private void erase(long... numbers) {
        SubjectErased erased = new SubjectErased(
                new EventId("x1"),
                new SubjectId("ann"),
                0,
                LongStream.of(numbers)
                        .mapToObj(number -> version(number).version())
                        .toList(),
                Optional.<AdapterRef>empty(),
                List.of());
        pipe(EventRecords.toRecord(Topics.SUBJECT_ERASED, of("x1/erased", erased)));
    }
}
