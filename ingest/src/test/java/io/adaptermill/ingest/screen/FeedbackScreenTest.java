package io.adaptermill.ingest.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.ingest.batch.TenantBuffer;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.BatchPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedbackScreenTest {
    private static final int ROOM = TextSize.BYTES_MAX - 1;

    @ParameterizedTest(name = "known {0}, repeated {1}, {2} characters: {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "true, false, 65535, -",
                "true, false, 65536, TOO_LARGE",
                "true, true, 10, DUPLICATE",
                "true, true, 65536, DUPLICATE",
                "false, false, 10, UNKNOWN_TENANT",
                "false, true, 65536, UNKNOWN_TENANT"
            })
    void feedback_passes_or_is_refused_for_its_first_fault(
            boolean isKnown, boolean isRepeated, int characters, RefusalReason reason) {
        // Given: one character is the prompt's
        Feedback feedback = new Feedback.Demonstration(Prompt.ofUser("q"), "x".repeat(characters), Optional.empty());

        // When
        Optional<Refusal> refusal = FeedbackScreen.screen(feedback, isKnown, isRepeated);

        // Then
        assertThat(refusal.map(Refusal::reason)).isEqualTo(Optional.ofNullable(reason));
    }

    @Test
    void size_is_counted_in_bytes_of_utf_8() {
        // Given
        Example euros = new Example.Demonstration(Prompt.ofUser("q"), "€".repeat(ROOM / 3));
        Example oneMore = new Example.Demonstration(Prompt.ofUser("q"), "€".repeat(ROOM / 3) + "😀");

        // When
        Optional<Refusal> fits = FeedbackScreen.screen(euros);
        Optional<Refusal> large = FeedbackScreen.screen(oneMore);

        // Then
        assertThat(fits).isEmpty();
        assertThat(large)
                .contains(new Refusal(
                        RefusalReason.TOO_LARGE,
                        "the event has " + (1 + ROOM / 3 * 3 + 4) + " bytes of text, at most 65536 are taken"));
    }

    @Test
    void a_preference_whose_sides_differ_in_personal_data_only_teaches_nothing() {
        // When
        Optional<Refusal> refusal =
                FeedbackScreen.screen(new Example.Preference(Prompt.ofUser("q"), "to [email]", "to [email]"));

        // Then
        assertThat(refusal.map(Refusal::reason)).contains(RefusalReason.CONTRACT_VIOLATION);
    }

    @Test
    void a_full_buffer_takes_no_more() {
        // Given
        BatchPolicy policy = new BatchPolicy(4, 100, Duration.ofMinutes(1), 5, Duration.ofMinutes(1));

        // When
        Optional<Refusal> room = FeedbackScreen.screen(waiting(4), policy);
        Optional<Refusal> full = FeedbackScreen.screen(waiting(5), policy);

        // Then
        assertThat(room).isEmpty();
        assertThat(full).contains(new Refusal(RefusalReason.BUFFER_FULL, "5 examples wait already"));
    }

    @ParameterizedTest(name = "{0}, cut {1}: {2}")
    @CsvSource({
        "data.prompt, 0, CONTRACT_VIOLATION",
        "content-type, 0, CONTRACT_VIOLATION",
        "ce_type, 0, UNSUPPORTED_SCHEMA_VERSION",
        "type, 0, UNSUPPORTED_SCHEMA_VERSION",
        "ce_specversion, 0, UNSUPPORTED_SCHEMA_VERSION",
        "data.kind, 900000, TOO_LARGE"
    })
    void what_is_no_feedback_is_refused_by_the_part_at_fault(String field, int cutBytes, RefusalReason reason) {
        // When
        Refusal refusal = FeedbackScreen.refuse(
                new ContractViolation("t", 0, 0, field, "must be right"),
                cutBytes == 0 ? OptionalInt.empty() : OptionalInt.of(cutBytes));

        // Then
        assertThat(refusal.reason()).isEqualTo(reason);
    }

    private static TenantBuffer waiting(int count) {
        TenantBuffer empty = TenantBuffer.EMPTY;
        return new TenantBuffer(
                1, 1 + count, 0, Optional.empty(), 1, empty.inFlight(), empty.head(), 0, empty.relearning());
    }
}
