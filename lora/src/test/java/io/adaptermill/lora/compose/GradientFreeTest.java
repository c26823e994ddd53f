package io.adaptermill.lora.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientFreeTest {
    private static final double[] BEST = {0.8, 0, -0.5, 0.01};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void the_numbers_that_matter_are_found_and_the_others_become_zero(long seed) {
        // When
        GradientFree.Found found = new GradientFree(400, 1.5, 0.05, 0.3, seed).minimise(4, GradientFreeTest::bowl);

        // Then
        assertThat(found.numbers()[0]).isCloseTo(0.8, within(0.1));
        assertThat(found.numbers()[2]).isCloseTo(-0.5, within(0.1));
        assertThat(found.numbers()[1]).isZero();
        assertThat(found.numbers()[3]).isZero();
        assertThat(found.loss()).isEqualTo(bowl(found.numbers()));
        assertThat(found.lossAtZero()).isEqualTo(bowl(new double[4]));
    }

    @Test
    void the_same_seed_finds_the_same_and_another_does_not() {
        GradientFree search = GradientFree.loraHub(7);
        double[] first = search.minimise(4, GradientFreeTest::bowl).numbers();
        assertThat(search.minimise(4, GradientFreeTest::bowl).numbers()).isEqualTo(first);
        assertThat(GradientFree.loraHub(8).minimise(4, GradientFreeTest::bowl).numbers())
                .isNotEqualTo(first);
    }

    @Test
    void no_number_leaves_the_bounds_and_a_loss_that_is_no_number_is_never_kept() {
        // When
        GradientFree.Found found = new GradientFree(200, 0.4, 0, 0.3, 1)
                .minimise(1, numbers -> numbers[0] > 0.3 ? Double.NaN : -numbers[0]);

        // Then
        assertThat(found.numbers()[0]).isBetween(0.2, 0.3);
        assertThat(new GradientFree(200, 0.4, 0, 0.3, 1)
                        .minimise(1, numbers -> -numbers[0])
                        .numbers()[0])
                .isCloseTo(0.4, within(1e-6));
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> new GradientFree(0, 1, 0, 1, 1)).hasMessageContaining("evaluations");
        assertThatThrownBy(() -> new GradientFree(1, 0, 0, 1, 1)).hasMessageContaining("bound");
        assertThatThrownBy(() -> new GradientFree(1, 1, -1, 1, 1)).hasMessageContaining("l1");
        assertThatThrownBy(() -> new GradientFree(1, 1, 0, 0, 1)).hasMessageContaining("step");
    }

    private static double bowl(double[] numbers) {
        double sum = 0;
        for (int i = 0; i < numbers.length; i++) sum += 2 * Math.pow(numbers[i] - BEST[i], 2);
        return sum;
    }
}
