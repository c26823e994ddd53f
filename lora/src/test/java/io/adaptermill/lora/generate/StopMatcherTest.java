package io.adaptermill.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
    @Test
    void text_that_cannot_become_a_stop_is_given_at_once() {
        // Given
        StopMatcher matcher = new StopMatcher(List.of("END"));

        // When, Then
        assertThat(matcher.add("hello")).isEqualTo("hello");
        assertThat(matcher.add(" world")).isEqualTo(" world");
        assertThat(matcher.isStopped()).isFalse();
    }

    @Test
    void a_stop_spread_over_pieces_is_never_given() {
        // Given
        StopMatcher matcher = new StopMatcher(List.of("END"));

        // When
        String given = matcher.add("so E") + matcher.add("N") + matcher.add("D and more");

        // Then
        assertThat(given).isEqualTo("so ");
        assertThat(matcher.isStopped()).isTrue();
        assertThat(matcher.text()).isEqualTo("so ");
    }

    @Test
    void what_only_began_like_a_stop_comes_later() {
        // Given
        StopMatcher matcher = new StopMatcher(List.of("END"));

        // When, Then
        assertThat(matcher.add("E")).isEmpty();
        assertThat(matcher.add("N")).isEmpty();
        assertThat(matcher.add("T")).isEqualTo("ENT");
        assertThat(matcher.add("EN")).isEmpty();
        assertThat(matcher.finish()).isEqualTo("EN");
        assertThat(matcher.text()).isEqualTo("ENTEN");
    }

    @Test
    void the_first_of_several_stops_ends_the_answer() {
        // Given
        StopMatcher matcher = new StopMatcher(List.of("\n\n", ".", "aab"));

        // When, Then
        assertThat(matcher.add("aaab. x\n\n")).isEqualTo("a");
        assertThat(matcher.isStopped()).isTrue();
    }
}
