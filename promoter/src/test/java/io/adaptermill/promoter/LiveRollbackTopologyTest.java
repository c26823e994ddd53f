package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.BASE;
import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.Verdict;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class LiveRollbackTopologyTest extends TopologyWorld {
    @Test
    void a_version_that_users_rate_worse_is_rolled_back_to_the_one_before_it() {
        // Given
        promote(1, Optional.empty());
        rate("first", Optional.of(version(1)), 30, 3);
        promote(2, Optional.of(version(1)));
        forgetWhatWasSaid();

        // When
        rate("second", Optional.of(version(2)), 1, 20);

        // Then
        List<PromotionDecided> decisions = events(Topics.PROMOTION_DECIDED);
        assertThat(decisions).hasSize(1);
        assertThat(decisions.getFirst())
                .isEqualTo(PromotionDecided.rollBack(
                        version(2),
                        Optional.of(version(1)),
                        decisions.getFirst().reason(),
                        PromotionDecided.LIVE_RATINGS));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
    }

    @Test
    void a_first_version_that_users_rate_worse_gives_way_to_the_base_model() {
        // Given
        rate("base", Optional.empty(), 30, 3);
        promote(1, Optional.empty());
        forgetWhatWasSaid();

        // When
        rate("first", Optional.of(version(1)), 1, 20);

        // Then
        List<TestRecord<byte[], byte[]>> pointers = output(Topics.SERVING_ADAPTERS.name());
        assertThat(pointers).hasSize(1);
        assertThat(pointers.getFirst().key()).isEqualTo(bytes("acme"));
        assertThat(pointers.getFirst().value()).isNull();
    }

    @Test
    void after_a_roll_back_evidence_against_what_was_rolled_back_is_stale() {
        // Given
        promote(1, Optional.empty());
        rate("first", Optional.of(version(1)), 30, 3);
        promote(2, Optional.of(version(1)));
        rate("second", Optional.of(version(2)), 1, 20);
        forgetWhatWasSaid();

        // When
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(3), Optional.of(version(2)), Verdict.APPROVED))));
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(4), Optional.of(version(1)), Verdict.APPROVED))));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .extracting(PromotionDecided::outcome)
                .containsExactly(PromotionOutcome.REFUSED, PromotionOutcome.PROMOTED);
    }
}
