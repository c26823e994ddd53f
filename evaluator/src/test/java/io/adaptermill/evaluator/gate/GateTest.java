package io.adaptermill.evaluator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.GateResult.Outcome;
import io.adaptermill.schemas.event.Measurement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
    @ParameterizedTest(name = "[{0}, {1}] with n={2} is {3}")
    @CsvSource({
        "0.10, 0.50, 12, PASSED",
        "-0.10, 0.50, 12, INCONCLUSIVE",
        "0.00, 0.50, 12, INCONCLUSIVE",
        "0.10, 0.50, 7, INCONCLUSIVE",
        "-0.50, -0.10, 12, FAILED",
        "-0.50, -0.10, 2, FAILED",
    })
    void an_improvement_must_be_shown(double lower, double upper, int n, Outcome expected) {
        // When / Then
        assertThat(new Gate.Improvement(0, 8).judge(measured(lower, upper, n)).outcome())
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
