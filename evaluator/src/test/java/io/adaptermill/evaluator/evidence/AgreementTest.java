package io.adaptermill.evaluator.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgreementTest {
    @ParameterizedTest(name = "\"{0}\" for \"{1}\" is {2}")
    @CsvSource({
        "'Hello there.', 'hello THERE', 1",
        "'zzzz', 'Hello there.', 0",
        "'', 'Hello there.', 0",
        "'hello hello', 'hello there', 0.5",
        "'one two three four', 'one two', 0.6666666666666666",
    })
    void words_count_once_each_whatever_their_case(String answer, String wanted, double expected) {
        // When / Then
        assertThat(Agreement.of(answer, wanted)).isEqualTo(expected);
    }
}
