package io.adaptermill.lora.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class ExponentialTest {
    @Test
    void it_is_within_two_units_in_the_last_place_over_the_whole_range() {
        for (float x = -87; x < 88; x += 0.0137f) {
            // When
            float actual =
                    Exponential.of(FloatVector.broadcast(Lanes.SPECIES, x)).lane(0);

            // Then
            double exact = Math.exp(x);
            assertThat(Math.abs(actual - exact)).as("e^" + x).isLessThanOrEqualTo(2 * Math.ulp((float) exact));
        }
    }

    @Test
    void beyond_the_range_it_stays_a_number() {
        assertThat(Exponential.of(FloatVector.broadcast(Lanes.SPECIES, -1e30f)).lane(0))
                .isBetween(0f, 1e-37f);
        assertThat(Exponential.of(FloatVector.broadcast(Lanes.SPECIES, 1e30f)).lane(0))
                .isGreaterThan(1e38f);
    }
}
