package io.adaptermill.gates.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.SeriesTest;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CandidateSeriesTest {
    private static final List<Double> ENOUGH = Collections.nCopies(8, 0.0);
    private static final List<Double> TOO_FEW = Collections.nCopies(7, 0.0);
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    @Test
    void all_levels_together_never_exceed_the_budget() {
        // Given: no approval ever, a million candidates, twenty looks at each
        double looks = 0;
        double candidates = 0;

        // When
        for (int look = 1; look <= 20; look++) looks += CandidateSeries.level(1, 1, look, 0);
        for (long number = 1; number <= 1_000_000; number++) candidates += CandidateSeries.level(1, number, 1, 0);

        // Then: what the million and first may still spend is less than k^-0.6/0.6
        double share = CandidateSeries.level(1, 1, 1, 0) / 0.8;
        assertThat(looks / share).isLessThanOrEqualTo(1);
        assertThat(candidates / 0.8 + Math.pow(1e6, -0.6) / 0.6 / 2.2857).isLessThanOrEqualTo(1);
        assertThat(candidates / 0.8).isGreaterThan(0.999);
    }

    @Test
    void the_first_candidates_get_most_of_it() {
        // When / Then
        assertThat(CandidateSeries.level(0.05, 1, 1, 0)).isCloseTo(0.0175, within(1e-4));
        assertThat(CandidateSeries.level(0.05, 2, 1, 0)).isCloseTo(0.00577, within(1e-5));
        assertThat(CandidateSeries.level(0.05, 2, 2, 0)).isCloseTo(0.001155, within(1e-6));
    }

    @Test
    void an_approval_earns_what_later_tests_may_spend() {
        // Given
        CandidateSeries afterHold = CandidateSeries.EMPTY.after(verdict(1, Verdict.NEEDS_MORE_EVIDENCE, true));
        CandidateSeries afterApproval = CandidateSeries.EMPTY.after(verdict(1, Verdict.APPROVED, true));

        // When
        SeriesTest poor = test(afterHold, 2, ENOUGH).orElseThrow();
        SeriesTest rich = test(afterApproval, 2, ENOUGH).orElseThrow();

        // Then
        assertThat(rich.level()).isEqualTo(2 * poor.level());
        assertThat(rich.approvedBefore()).isEqualTo(1);
        assertThat(rich.number()).isEqualTo(2);
    }

    @Test
    void a_second_look_at_the_newest_candidate_spends_of_the_same_share() {
        // Given
        CandidateSeries series = CandidateSeries.EMPTY
                .after(verdict(1, Verdict.NEEDS_MORE_EVIDENCE, true))
                .after(verdict(1, Verdict.NEEDS_MORE_EVIDENCE, true));

        // When
        SeriesTest third = test(series, 1, ENOUGH).orElseThrow();
        SeriesTest next = test(series, 2, ENOUGH).orElseThrow();

        // Then
        assertThat(third).extracting(SeriesTest::number, SeriesTest::look).containsExactly(1L, 3);
        assertThat(next).extracting(SeriesTest::number, SeriesTest::look).containsExactly(2L, 1);
    }

    @Test
    void a_candidate_with_too_few_examples_is_not_tested_and_spends_nothing() {
        // When / Then
        assertThat(test(CandidateSeries.EMPTY, 1, TOO_FEW)).isEmpty();
        assertThat(CandidateSeries.EMPTY.after(verdict(1, Verdict.NEEDS_MORE_EVIDENCE, false)))
                .isEqualTo(CandidateSeries.EMPTY);
    }

    private static Optional<SeriesTest> test(CandidateSeries series, long version, List<Double> values) {
        return series.test(VersionId.parse("acme@" + version), values, GatePolicy.DEFAULT);
    }

    private static AdapterEvaluated verdict(long version, Verdict verdict, boolean tested) {
        return new AdapterEvaluated(
                VersionId.parse("acme@" + version),
                DIGEST,
                Optional.empty(),
                DIGEST,
                verdict,
                "given",
                List.of(),
                List.of(),
                Optional.of(GatePolicy.DEFAULT),
                tested ? Optional.of(new SeriesTest(1, 1, 0, 0.01, 1)) : Optional.empty());
    }
}
