package io.adaptermill.gates.betting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BettingIntervalTest {
    /// One cell of our grid, at a bound of 2.
    private static final double CELL = 4.0 / 2_000;

    @Test
    void agrees_with_an_independent_script() {
        // Given: numbers of src/test/golden/betting_interval.py
        List<Double> constant = Collections.nCopies(12, 2.0);
        List<Double> mixed = List.of(0.4, -0.1, 0.8, 0.3, 1.1, -0.4, 0.6, 0.2, 0.9, 0.5, 0.1, 0.7);
        List<Double> wave = IntStream.range(0, 40)
                .mapToObj(i -> Math.round(Math.sin(i) * 1e6) / 1e6)
                .toList();

        // When / Then
        assertInterval(constant, 0.7030, 2.0);
        assertInterval(mixed, -0.3818, 0.9664);
        assertInterval(wave, -0.3044, 0.3460);
    }

    @Test
    void misses_the_mean_no_more_often_than_promised_however_often_one_looks() {
        // Given: 400 series of numbers in {-1, 0, 1} whose mean is 0, looked at after every tenth number
        Random random = new Random(11);
        int missed = 0;

        // When
        for (int series = 0; series < 400; series++) {
            List<Double> values = new ArrayList<>();
            boolean out = false;
            for (int i = 0; i < 60; i++) {
                values.add((double) (random.nextInt(3) - 1));
                if (i % 10 == 9) out |= excludesZero(values);
            }
            if (out) missed++;
        }

        // Then
        assertThat(missed / 400.0).isLessThanOrEqualTo(0.05);
    }

    @Test
    void nothing_seen_rules_nothing_out() {
        // When
        BettingInterval.Interval interval = BettingInterval.of(List.of(), 2, 0.05);

        // Then
        assertThat(interval).isEqualTo(new BettingInterval.Interval(-2, 2));
    }

    @Test
    void more_evidence_narrows_it() {
        // Given
        List<Double> few = Collections.nCopies(10, 0.5);
        List<Double> many = Collections.nCopies(100, 0.5);

        // When
        BettingInterval.Interval wide = BettingInterval.of(few, 2, 0.05);
        BettingInterval.Interval narrow = BettingInterval.of(many, 2, 0.05);

        // Then
        assertThat(narrow.upper() - narrow.lower()).isLessThan((wide.upper() - wide.lower()) / 3);
    }

    private static boolean excludesZero(List<Double> values) {
        BettingInterval.Interval interval = BettingInterval.of(values, 1, 0.05);
        return interval.lower() > 0 || interval.upper() < 0;
    }

    private static void assertInterval(List<Double> values, double lower, double upper) {
        BettingInterval.Interval interval = BettingInterval.of(values, 2, 0.05);
        assertThat(interval.lower()).isCloseTo(lower, within(CELL));
        assertThat(interval.upper()).isCloseTo(upper, within(CELL));
    }
}
