package io.adaptermill.gates.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationPolicyTest {
    private static final List<Double> GOLDEN_KEPT = Collections.nCopies(36, 0.02);
    private static final List<Double> GOLDEN_LOST = Collections.nCopies(36, 0.45);

    @Test
    void a_clear_improvement_that_forgets_nothing_is_approved() {
        // When
        Judgement judgement = judge(Collections.nCopies(14, 1.5), List.of(), GOLDEN_KEPT);

        // Then
        assertThat(judgement.verdict()).isEqualTo(Verdict.APPROVED);
        assertThat(judgement.reason()).contains("hold-out loss", "n=14", "general golden set");
    }

    @Test
    void too_few_examples_are_an_answer_of_their_own() {
        // When
        Judgement judgement = judge(Collections.nCopies(7, 2.0), List.of(), GOLDEN_KEPT);

        // Then
        assertThat(judgement.verdict()).isEqualTo(Verdict.NEEDS_MORE_EVIDENCE);
        assertThat(judgement.reason()).contains("fewer than 8");
    }

    @Test
    void a_candidate_that_forgets_is_rejected_however_well_it_fits_its_tenant() {
        // When
        Judgement judgement = judge(Collections.nCopies(40, 2.0), List.of(), GOLDEN_LOST);

        // Then
        assertThat(judgement.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.reason()).startsWith("general golden set +0.450");
    }

    @Test
    void poison_that_the_mean_hides_is_seen_on_the_earlier_examples() {
        // Given: worse on all that the champion was approved on, as much better on what came with the poison
        List<Double> earlier = Collections.nCopies(14, -2.0);
        List<Double> both = new ArrayList<>(earlier);
        both.addAll(Collections.nCopies(14, 2.0));

        // When
        Judgement judgement = judge(both, earlier, GOLDEN_KEPT);

        // Then
        assertThat(judgement.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.reason()).contains("what the champion was approved on");
    }

    @Test
    void a_candidate_that_is_malformed_is_rejected_without_measuring() {
        // When
        Judgement judgement = EvaluationPolicy.malformed("it has weights that are not finite numbers");

        // Then
        assertThat(judgement.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.measurements()).isEmpty();
    }

    private static Judgement judge(List<Double> holdout, List<Double> earlier, List<Double> golden) {
        return EvaluationPolicy.judge(
                Evidence.of(holdout, earlier.stream().map(value -> -value).toList(), List.of(), golden),
                GatePolicy.DEFAULT,
                VersionId.parse("acme@1"),
                CandidateSeries.EMPTY);
    }
}
