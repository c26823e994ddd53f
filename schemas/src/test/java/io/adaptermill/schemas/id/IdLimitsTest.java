package io.adaptermill.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdLimitsTest {
    static Stream<Arguments> limits() {
        return Stream.of(
                limit("event id", EventId::new, 128),
                limit("inference id", InferenceId::new, 128),
                limit("subject", SubjectId::new, 256),
                limit("tenant", TenantId::new, 63));
    }

    private static Arguments limit(String name, Function<String, ?> id, int longest) {
        return Arguments.of(name, id, longest);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void the_longest_id_is_taken_and_one_longer_is_not(String name, Function<String, ?> id, int longest) {
        // Given
        String fits = "a".repeat(longest);

        // Then
        assertThat(id.apply(fits)).hasToString(fits);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> id.apply(fits + "a"))
                .withMessageStartingWith(name + " must be 1 to " + longest);
    }
}
