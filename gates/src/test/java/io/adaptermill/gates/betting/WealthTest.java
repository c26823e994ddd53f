package io.adaptermill.gates.betting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WealthTest {
    private static final List<Double> MIXED = List.of(0.4, -0.1, 0.8, 0.3, 1.1, -0.4, 0.6, 0.2, 0.9, 0.5, 0.1, 0.7);

    @Test
    void agrees_with_an_independent_quadrature() {
        // Given: numbers of src/test/golden/wealth.py
        List<Double> wave = IntStream.range(0, 40)
                .mapToObj(i -> Math.round(Math.sin(i) * 1e6) / 1e6)
                .toList();

        // When / Then
        assertThat(Wealth.against(0, Collections.nCopies(8, 2.0), 2)).isCloseTo(74.1104431152, within(1e-8));
        assertThat(Wealth.against(0, MIXED, 2)).isCloseTo(3.92674100607, within(1e-9));
        assertThat(Wealth.against(0.25, MIXED, 2)).isCloseTo(1.5117832817, within(1e-9));
        assertThat(Wealth.against(0, wave, 2)).isCloseTo(0.634828542686, within(1e-10));
    }

    /// All 3^9 series of a coin with three sides and mean 0, each as likely as the others: the mean is no
    /// estimate.
    @Test
    void is_worth_one_on_average_if_the_mean_is_the_limit() {
        // Given
        int series = (int) Math.pow(3, 9);
        double sum = 0;

        // When
        for (int index = 0; index < series; index++) {
            List<Double> values = new ArrayList<>();
            for (int rest = index, i = 0; i < 9; i++, rest /= 3) values.add((double) (rest % 3 - 1));
            sum += Wealth.against(0, values, 1);
        }

        // Then
        assertThat(sum / series).isCloseTo(1, within(1e-9));
    }

    @Test
    void is_the_same_in_any_order() {
        // Given
        List<Double> shuffled = new ArrayList<>(MIXED);
        Collections.shuffle(shuffled, new Random(5));

        // When / Then
        assertThat(Wealth.against(0, shuffled, 2)).isCloseTo(Wealth.against(0, MIXED, 2), within(1e-12));
    }

    @Test
    void very_long_series_stay_finite() {
        // When / Then
        assertThat(Wealth.against(0, Collections.nCopies(10_000, 2.0), 2)).isEqualTo(Wealth.MAX);
        assertThat(Wealth.against(0, Collections.nCopies(10_000, -2.0), 2)).isBetween(0.0, 0.01);
    }

    @Test
    void from_counts_it_is_the_same() {
        // Given: limits on the grid of counts; values of -1 and 1 are zeros and ones
        List<Double> values = new ArrayList<>(Collections.nCopies(17, 1.0));
        values.addAll(Collections.nCopies(9, -1.0));

        // When / Then
        assertThat(CountWealth.against(100, 17, 9)).isCloseTo(Wealth.against(0, values, 1), within(1e-9));
        assertThat(CountWealth.against(60, 17, 9)).isCloseTo(Wealth.against(-0.4, values, 1), within(1e-6));
        assertThat(CountWealth.against(100, 100_000, 0)).isEqualTo(Wealth.MAX);
    }

    @Test
    void nothing_seen_is_worth_the_stake() {
        // When / Then
        assertThat(Wealth.against(0, List.of(), 2)).isCloseTo(1, within(1e-12));
    }
}
