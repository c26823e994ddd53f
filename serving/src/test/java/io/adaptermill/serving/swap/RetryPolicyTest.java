package io.adaptermill.serving.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final RetryPolicy POLICY = new RetryPolicy(6, Duration.ofMillis(500), Duration.ofSeconds(3));

    @Test
    void waits_double_up_to_the_longest_and_then_it_gives_up() {
        assertThat(IntStream.rangeClosed(1, 6).mapToObj(failures -> POLICY.after(failures, 1)))
                .containsExactly(
                        waited(500),
                        waited(1000),
                        waited(2000),
                        waited(3000),
                        waited(3000),
                        new RetryPolicy.Retry.GiveUp());
    }

    @Test
    void jitter_takes_off_up_to_half() {
        assertThat(POLICY.after(1, 0)).isEqualTo(waited(250));
    }

    @Test
    void limits_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessage("attemptsMax must be at least 1, was 0");
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("longest must be at least first, was PT1S");
    }

    private static RetryPolicy.Retry waited(long millis) {
        return new RetryPolicy.Retry.Wait(Duration.ofMillis(millis));
    }
}
