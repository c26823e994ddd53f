package io.adaptermill.gates.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.GateResult.Outcome;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.SeriesTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
    @ParameterizedTest(name = "[{0}, {1}] with evidence {2} of 100 is {3}")
    @CsvSource({
        "0.10, 0.50, 100, PASSED",
        "-0.10, 0.50, 100, PASSED",
        "0.10, 0.50, 99, INCONCLUSIVE",
        "-0.50, -0.10, 0, FAILED",
        "-0.50, -0.10, 100, FAILED",
    })
    void an_improvement_must_be_shown(double lower, double upper, double evidence, Outcome expected) {
        // Given
        SeriesTest test = new SeriesTest(3, 1, 0, 0.01, evidence);

        // When / Then
        assertThat(new Gate.Improvement(0, 8, Optional.of(test))
                        .judge(measured(lower, upper, 12))
                        .outcome())
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{0}, {1}] is {2}")
    @CsvSource({"0.10, 0.50, INCONCLUSIVE", "-0.50, -0.10, FAILED"})
    void without_a_test_only_harm_is_shown(double lower, double upper, Outcome expected) {
        // When / Then
        assertThat(new Gate.Improvement(0, 8, Optional.empty())
                        .judge(measured(lower, upper, 7))
                        .outcome())
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "[{0}, {1}] is {2}")
    @CsvSource({"-0.1, 0.2, PASSED", "0.0, 0.3, INCONCLUSIVE", "0.21, 0.3, FAILED", "0.2, 0.3, INCONCLUSIVE"})
    void a_bounded_rise_must_be_shown_to_stay_within(double lower, double upper, Outcome expected) {
        // When / Then
        assertThat(new Gate.BoundedRise("it", 0.2)
                        .judge(measured(lower, upper, 36))
                        .outcome())
                .isEqualTo(expected);
    }

    @Test
    void a_gate_without_examples_claims_no_numbers() {
        // When / Then
        assertThat(new Gate.NoShownHarm("it", 0.5).judge(measured(-0.5, 0.5, 0)).reason())
                .isEqualTo("it: nothing to compare yet");
    }

    @ParameterizedTest(name = "[{0}, {1}] is {2}")
    @CsvSource({"-2, 2, PASSED", "0.5, 2, PASSED", "0.51, 2, FAILED"})
    void only_shown_harm_blocks(double lower, double upper, Outcome expected) {
        // When / Then
        assertThat(new Gate.NoShownHarm("it", 0.5)
                        .judge(measured(lower, upper, 5))
                        .outcome())
                .isEqualTo(expected);
    }

    private static Measurement measured(double lower, double upper, int n) {
        return new Measurement("m", "nats/token", n, (lower + upper) / 2, lower, upper, 0.95, "given", List.of());
    }
}
