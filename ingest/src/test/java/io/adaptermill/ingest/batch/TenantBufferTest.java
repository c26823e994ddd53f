package io.adaptermill.ingest.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantBufferTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final Instant SINCE = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest(name = "head {0}, in flight {1}, {2} of {3}: head {4}, in flight {5}")
    @CsvSource({
        // head, in flight, outcome, decided, head after, in flight after
        "0, 1, PROMOTED, 1, 1, 0",
        "0, 1, HELD, 1, 1, 0",
        "0, 1, REFUSED, 1, 0, 0",
        "3, 5, PROMOTED, 5, 5, 0",
        "3, 5, HELD, 5, 5, 0",
        "3, 5, REFUSED, 5, 3, 0",
        // decisions that come after the wait for them ended
        "3, 5, PROMOTED, 4, 4, 5",
        "3, 5, HELD, 4, 4, 5",
        "3, 5, REFUSED, 4, 3, 5",
        "4, 5, HELD, 3, 4, 5",
        // an older version is promoted again
        "5, 0, PROMOTED, 2, 2, 0"
    })
    void a_decision_moves_the_head_and_ends_its_own_batchs_flight(
            long head, long inFlight, PromotionOutcome outcome, long decided, long headAfter, long inFlightAfter) {
        // Given
        TenantBuffer buffer = buffer(head, inFlight);

        // When
        TenantBuffer after = buffer.after(new PromotionDecided(
                new VersionId(ACME, decided), digest(decided), outcome, Optional.empty(), "as measured"));

        // Then
        assertThat(after).isEqualTo(buffer(headAfter, inFlightAfter));
    }

    @Test
    void after_a_roll_back_the_next_batch_builds_on_what_serves_again() {
        // Given
        AdapterRef regressed = new AdapterRef(new VersionId(ACME, 4), digest(4));
        AdapterRef before = new AdapterRef(new VersionId(ACME, 3), digest(3));

        // When
        TenantBuffer toVersion = buffer(5, 6)
                .after(PromotionDecided.rollBack(
                        regressed, Optional.of(before), "worse", PromotionDecided.LIVE_RATINGS));
        TenantBuffer toBase = buffer(5, 6)
                .after(PromotionDecided.rollBack(regressed, Optional.empty(), "worse", PromotionDecided.LIVE_RATINGS));

        // Then
        assertThat(toVersion).isEqualTo(buffer(3, 6));
        assertThat(toBase).isEqualTo(buffer(0, 6));
    }

    @Test
    void a_failed_training_ends_its_own_batchs_flight_and_leaves_the_head() {
        // When
        TenantBuffer own = buffer(3, 5).after(new TrainingFailed(new BatchId(ACME, 5), 2, "NaN", "look"));
        TenantBuffer late = buffer(3, 5).after(new TrainingFailed(new BatchId(ACME, 4), 2, "NaN", "look"));

        // Then
        assertThat(own).isEqualTo(buffer(3, 0));
        assertThat(late).isEqualTo(buffer(3, 5));
    }

    private static TenantBuffer buffer(long head, long inFlight) {
        return new TenantBuffer(
                10,
                12,
                30,
                Optional.of(SINCE),
                6,
                some(inFlight).map(number -> new InFlight(new BatchId(ACME, number), SINCE)),
                some(head).map(number -> new AdapterRef(new VersionId(ACME, number), digest(number))),
                4,
                Optional.empty());
    }

    private static Optional<Long> some(long number) {
        return number == 0 ? Optional.empty() : Optional.of(number);
    }

    private static Digest digest(long number) {
        return Digest.of(new byte[] {(byte) number});
    }
}
