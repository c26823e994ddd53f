package io.adaptermill.bench.poison;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.bench.poison.Mill.Round;
import io.adaptermill.bench.poison.PoisonBench.Trial;
import io.adaptermill.gates.candidate.Judgement;
import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.GateResult.Outcome;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoisonReportTest {
    private static final Attack SPAM = Attack.ALL.get(2);

    @Test
    void poison_that_no_candidate_was_promoted_with_is_stopped() {
        assertThat(PoisonReport.row(new Trial(SPAM, 0.1, 6, List.of(round(4, PromotionOutcome.REFUSED)), 0.75, 0.1, 0)))
                .isEqualTo(
                        "| 10 % | 6 | 1 near-duplicate, 2 honest ones | 4 | 1 | refused, golden.rise | 75 % | 0 → 10 % |"
                                + " stopped |");
    }

    @Test
    void poison_that_was_promoted_breaks_through_if_the_model_does_what_it_wants() {
        assertThat(PoisonReport.row(
                        new Trial(SPAM, 0.1, 6, List.of(round(4, PromotionOutcome.PROMOTED)), 0.75, 0.5, 0.1)))
                .endsWith("| promoted | 75 % | 10 → 50 % | **breaks through** |");
        assertThat(PoisonReport.row(
                        new Trial(SPAM, 0.1, 6, List.of(round(4, PromotionOutcome.PROMOTED)), 0.75, 0.1, 0.1)))
                .endsWith("| promoted, without effect |");
    }

    @Test
    void poison_that_was_held_and_built_upon_is_promoted_with_what_comes_later() {
        assertThat(PoisonReport.row(new Trial(
                        SPAM,
                        0.1,
                        6,
                        List.of(round(4, PromotionOutcome.HELD), round(0, PromotionOutcome.PROMOTED)),
                        0.75,
                        0.5,
                        0.1)))
                .contains("1 promoted, 1 held")
                .endsWith("| **breaks through** |");
    }

    private static Round round(int learned, PromotionOutcome outcome) {
        return new Round(
                Map.of(QuarantineReason.NEAR_DUPLICATE, 1),
                2,
                learned,
                1,
                Optional.of(new Judgement(
                        Verdict.REJECTED,
                        "because",
                        List.of(
                                new GateResult("golden.rise", Outcome.FAILED, "because"),
                                new GateResult("holdout.improvement", Outcome.PASSED, "because")),
                        List.of(),
                        Optional.empty())),
                outcome);
    }
}
