package io.adaptermill.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
    @Test
    void a_name_that_fits_is_the_id() {
        assertThat(EventId.named("acme@7/trained")).isEqualTo(new EventId("acme@7/trained"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a name with spaces", "", "größer"})
    void a_name_that_is_no_id_becomes_its_digest(String name) {
        assertThat(EventId.named(name).value()).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void long_names_that_differ_at_the_end_get_different_ids() {
        // Given
        String longest = "e".repeat(128);

        // When
        EventId refused = EventId.named(longest + "/refused");
        EventId assigned = EventId.named(longest + "/assigned");

        // Then
        assertThat(refused).isNotEqualTo(assigned).isEqualTo(EventId.named(longest + "/refused"));
    }
}
