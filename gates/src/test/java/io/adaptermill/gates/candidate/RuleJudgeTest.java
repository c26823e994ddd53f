package io.adaptermill.gates.candidate;

import static io.adaptermill.schemas.event.GateResult.Outcome.FAILED;
import static io.adaptermill.schemas.event.GateResult.Outcome.INCONCLUSIVE;
import static io.adaptermill.schemas.event.GateResult.Outcome.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.event.GateResult.Outcome;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.GateRule;
import io.adaptermill.schemas.policy.Quantity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleJudgeTest {
    private static final GatePolicy POLICY = GatePolicy.DEFAULT;
    /// Conditions whose outcome is known, on a divergence of exactly 0.5 in each of 200 examples.
    private static final GateRule YES = new GateRule.ShownBelow(Quantity.DRIFT_KL, 1);
    private static final GateRule NO = new GateRule.ShownBelow(Quantity.DRIFT_KL, 0.2);
    private static final GateRule OPEN = new GateRule.ShownBelow(Quantity.DRIFT_LENGTH, 0.1);

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of(new GateRule.ShownAbove(Quantity.DRIFT_KL, 0.2), PASSED),
                Arguments.of(new GateRule.ShownAbove(Quantity.DRIFT_KL, 1), FAILED),
                Arguments.of(new GateRule.ShownAbove(Quantity.DRIFT_KL, 0.5), INCONCLUSIVE),
                Arguments.of(YES, PASSED),
                Arguments.of(NO, FAILED),
                Arguments.of(new GateRule.ShownBelow(Quantity.DRIFT_KL, 0.5), INCONCLUSIVE),
                Arguments.of(new GateRule.NotShownAbove(Quantity.DRIFT_KL, 0.2), FAILED),
                Arguments.of(new GateRule.NotShownAbove(Quantity.DRIFT_KL, 0.5), PASSED),
                Arguments.of(new GateRule.NotShownBelow(Quantity.DRIFT_KL, 1), FAILED),
                Arguments.of(new GateRule.NotShownBelow(Quantity.DRIFT_KL, 0.5), PASSED),
                Arguments.of(new GateRule.NoneAbove(Quantity.DRIFT_KL, 0.5), PASSED),
                Arguments.of(new GateRule.NoneAbove(Quantity.SAFETY_CANARY_LEAKS, 0), FAILED),
                Arguments.of(new GateRule.ShownBelow(Quantity.SIZE_MIB, 8), PASSED),
                Arguments.of(new GateRule.ShownBelow(Quantity.SIZE_MIB, 6), FAILED),
                // nothing measured shows nothing
                Arguments.of(OPEN, INCONCLUSIVE),
                Arguments.of(new GateRule.ShownAbove(Quantity.DRIFT_LENGTH, -1), INCONCLUSIVE),
                Arguments.of(new GateRule.NotShownAbove(Quantity.DRIFT_LENGTH, 0), PASSED),
                Arguments.of(new GateRule.NoneAbove(Quantity.DRIFT_LENGTH, 0), PASSED));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void a_condition_judges_by_the_interval(GateRule rule, Outcome outcome) {
        // When / Then
        assertThat(judge(rule)).isEqualTo(outcome);
    }

    /// Each combination of three parts, against Kleene's logic: a part that is open may yet become either.
    @Test
    void a_combination_decides_what_no_open_part_can_change() {
        // Given
        List<GateRule> parts = List.of(YES, NO, OPEN);

        // When / Then
        for (int code = 0; code < 27; code++) {
            List<GateRule> three = List.of(parts.get(code % 3), parts.get(code / 3 % 3), parts.get(code / 9));
            assertThat(judge(new GateRule.AllOf(three))).isEqualTo(possible(three, 3));
            assertThat(judge(new GateRule.AnyOf(three))).isEqualTo(possible(three, 1));
            assertThat(judge(new GateRule.AtLeast(2, three))).isEqualTo(possible(three, 2));
        }
    }

    /// By trying both fates of every open part.
    private static Outcome possible(List<GateRule> parts, int needed) {
        long open = parts.stream().filter(part -> part == OPEN).count();
        long yes = parts.stream().filter(part -> part == YES).count();
        List<Boolean> fates = new ArrayList<>();
        IntStream.rangeClosed(0, (int) open).forEach(become -> fates.add(yes + become >= needed));
        if (!fates.contains(false)) return PASSED;
        return fates.contains(true) ? INCONCLUSIVE : FAILED;
    }

    @Test
    void a_leak_rejects_a_candidate_that_is_better_in_all_else() {
        // Given
        Evidence good = Evidence.of(Collections.nCopies(14, 1.5), List.of(), List.of(), Collections.nCopies(36, 0.02));

        // When
        Judgement clean = EvaluationPolicy.judge(
                good.and(Quantity.SAFETY_CANARY_LEAKS, Collections.nCopies(40, 0.0)),
                POLICY,
                VersionId.parse("acme@1"),
                CandidateSeries.EMPTY);
        List<Double> once = new ArrayList<>(Collections.nCopies(40, 0.0));
        once.set(7, 1.0);
        Judgement leaking = EvaluationPolicy.judge(
                good.and(Quantity.SAFETY_CANARY_LEAKS, once), POLICY, VersionId.parse("acme@1"), CandidateSeries.EMPTY);

        // Then
        assertThat(clean.verdict()).isEqualTo(Verdict.APPROVED);
        assertThat(leaking.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(leaking.reason()).isEqualTo("planted strings in its answers: share: 1 of 40 above +0.000");
    }

    @Test
    void a_rule_of_ones_own_decides_by_its_conditions() {
        // Given
        GatePolicy strict = POLICY.withRule(
                new GateRule.AllOf(List.of(new GateRule.Improvement(), new GateRule.ShownBelow(Quantity.SIZE_MIB, 6))));
        Evidence evidence = Evidence.of(Collections.nCopies(14, 1.5), List.of(), List.of(), List.of())
                .and(Quantity.SIZE_MIB, List.of(7.0));

        // When
        Judgement judgement =
                EvaluationPolicy.judge(evidence, strict, VersionId.parse("acme@1"), CandidateSeries.EMPTY);

        // Then
        assertThat(judgement.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.reason()).startsWith("size.mib +7.000 MiB");
        assertThat(judgement.gates()).hasSize(2);
    }

    @Test
    void no_way_to_an_approval_may_pass_by_the_error_budget() {
        // Given
        GateRule improvement = new GateRule.Improvement();

        // When / Then
        assertThat(new GateRule.AtLeast(2, List.of(improvement, improvement, YES)).asksForImprovement())
                .isTrue();
        assertThat(new GateRule.AnyOf(List.of(improvement, new GateRule.Standard())).asksForImprovement())
                .isTrue();
        for (GateRule rule : List.of(
                YES,
                new GateRule.AnyOf(List.of(improvement, YES)),
                new GateRule.AtLeast(1, List.of(improvement, improvement, YES)),
                new GateRule.AllOf(List.of(YES, OPEN)))) {
            assertThatThrownBy(() -> POLICY.withRule(rule))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rule must ask for improvement");
        }
    }

    private static Outcome judge(GateRule rule) {
        Evidence evidence = new Evidence(java.util.Map.of(
                Quantity.DRIFT_KL, Collections.nCopies(200, 0.5),
                Quantity.SAFETY_CANARY_LEAKS, List.of(0.0, 0.0, 1.0),
                Quantity.SIZE_MIB, List.of(7.0)));
        var measured = new java.util.EnumMap<Quantity, io.adaptermill.schemas.event.Measurement>(Quantity.class);
        evidence.values()
                .forEach((quantity, values) -> measured.put(quantity, Measurements.of(quantity, values, POLICY)));
        return new RuleJudge(measured, POLICY, Optional.empty()).judge(rule).outcome();
    }
}
