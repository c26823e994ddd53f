package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.ACME;
import static io.adaptermill.promoter.Evaluations.BASE;
import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class PromotionTopologyTest extends TopologyWorld {
    @Test
    void an_approved_candidate_is_decided_and_served() {
        // Given
        AdapterEvaluated evaluation = evaluated(version(1), Optional.empty(), Verdict.APPROVED);

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(evaluation)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .containsExactly(decided(version(1), PromotionOutcome.PROMOTED, Optional.empty()));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
    }

    @Test
    void a_held_and_a_refused_candidate_leave_the_pointer_alone() {
        // Given
        AdapterEvaluated weak = evaluated(version(1), Optional.empty(), Verdict.NEEDS_MORE_EVIDENCE);
        AdapterEvaluated worse = evaluated(version(2), Optional.empty(), Verdict.REJECTED);

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(weak)));
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(worse)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .containsExactly(
                        decided(version(1), PromotionOutcome.HELD, Optional.empty()),
                        decided(version(2), PromotionOutcome.REFUSED, Optional.empty()));
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();
    }

    @Test
    void a_repeated_evaluation_is_answered_by_silence() {
        // Given
        AdapterEvaluated evaluation = evaluated(version(1), Optional.empty(), Verdict.APPROVED);

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(evaluation)));
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(evaluation)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED)).hasSize(1);
        assertThat(events(Topics.SERVING_ADAPTERS)).hasSize(1);
    }

    @Test
    void tenants_do_not_share_champions() {
        // Given
        AdapterRef globex = version(new TenantId("globex"), 1);

        // When
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(1), Optional.empty(), Verdict.APPROVED))));
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(globex, Optional.empty(), Verdict.APPROVED))));

        // Then
        assertThat(events(Topics.SERVING_ADAPTERS))
                .containsExactly(new ServingAdapter(version(1), BASE), new ServingAdapter(globex, BASE));
    }

    @Test
    void another_tenants_version_is_set_aside() {
        // Given
        Envelope<AdapterEvaluated> honest =
                published(evaluated(version(new TenantId("globex"), 1), Optional.empty(), Verdict.APPROVED));
        Envelope<AdapterEvaluated> forged =
                new Envelope<>(ACME, honest.id(), honest.source(), honest.time(), honest.event());

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, forged));

        // Then
        assertThat(deadLetterReasons()).containsExactly("data.version must be a version of the key's tenant");
        assertThat(events(Topics.PROMOTION_DECIDED)).isEmpty();
    }

    @Test
    void bytes_that_are_no_evaluation_are_set_aside_as_they_came() {
        // Given
        byte[] key = bytes("acme");
        byte[] value = bytes("not json");

        // When
        pipe(new ProducerRecord<>(Topics.ADAPTER_EVALUATED.name(), key, value));

        // Then
        List<TestRecord<byte[], byte[]>> letters = output(Topics.DEAD_LETTERS);
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().key()).isEqualTo(key);
        assertThat(letters.getFirst().value()).isEqualTo(value);
        assertThat(reason(letters.getFirst())).isEqualTo("ce_id must be set");
    }
}
