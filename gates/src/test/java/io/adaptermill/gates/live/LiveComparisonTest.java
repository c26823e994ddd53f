package io.adaptermill.gates.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveComparisonTest {
    @Test
    void a_version_that_everybody_dislikes_is_shown_to_be_worse() {
        // When / Then
        assertThat(LiveComparison.evidence(new Ratings(40, 4), new Ratings(3, 12)))
                .isGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({"40, 4, 40, 4", "40, 4, 15, 0", "4, 40, 40, 4", "0, 0, 0, 50", "40, 4, 0, 0", "1, 0, 0, 1"})
    void what_is_not_shown_is_worth_little(long goodBefore, long badBefore, long good, long bad) {
        // When / Then
        assertThat(LiveComparison.evidence(new Ratings(goodBefore, badBefore), new Ratings(good, bad)))
                .isLessThan(3);
    }

    @Test
    void the_fewer_ratings_the_predecessor_had_the_less_is_shown() {
        // Given
        Ratings version = new Ratings(5, 20);

        // When
        double few = LiveComparison.evidence(new Ratings(4, 1), version);
        double many = LiveComparison.evidence(new Ratings(80, 20), version);

        // Then
        assertThat(many).isGreaterThan(10 * few);
    }

    @Test
    void a_version_that_is_rated_alike_is_shown_to_be_at_most_a_little_worse() {
        // When / Then
        assertThat(LiveComparison.evidenceWithin(0.1, new Ratings(2_400, 600), new Ratings(640, 160)))
                .isGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({"240, 60, 180, 120", "240, 60, 24, 6", "24, 6, 320, 80", "0, 0, 300, 100", "400, 0, 0, 0"})
    void what_may_be_worse_by_more_is_not_shown_to_be_close(long good, long bad, long goodOfIt, long badOfIt) {
        // When / Then
        assertThat(LiveComparison.evidenceWithin(0.1, new Ratings(good, bad), new Ratings(goodOfIt, badOfIt)))
                .isLessThan(3);
    }

    /// Nine answers of the champion for each of the version's, whose share of good ones lies further below than
    /// tolerated; looked at after each of 300 ratings.
    @Test
    void a_version_that_is_worse_by_more_is_hardly_ever_called_close() {
        // Given
        Random random = new Random(11);
        int called = 0;

        // When
        for (int series = 0; series < 100; series++) {
            Ratings champion = Ratings.NONE;
            Ratings version = Ratings.NONE;
            boolean close = false;
            for (int i = 0; i < 300 && !close; i++) {
                for (int each = 0; each < 9; each++) champion = champion.after(random.nextDouble() < 0.8);
                version = version.after(random.nextDouble() < 0.695);
                close = LiveComparison.isShownWithin(0.1, champion, version, 0.05);
            }
            if (close) called++;
        }

        // Then
        assertThat(called / 100.0).isLessThanOrEqualTo(0.05);
    }

    /// Looked at after each of 300 ratings; the predecessor's are random too.
    @ParameterizedTest
    @CsvSource({"0.5", "0.8", "0.95"})
    void an_equal_version_is_hardly_ever_called_worse(double good) {
        // Given
        Random random = new Random(7);
        int called = 0;

        // When
        for (int series = 0; series < 200; series++) {
            Ratings before = Ratings.NONE;
            for (int i = 0; i < 100; i++) before = before.after(random.nextDouble() < good);
            Ratings version = Ratings.NONE;
            boolean worse = false;
            for (int i = 0; i < 300 && !worse; i++) {
                version = version.after(random.nextDouble() < good);
                worse = LiveComparison.isShownWorse(before, version, 0.05);
            }
            if (worse) called++;
        }

        // Then
        assertThat(called / 200.0).isLessThanOrEqualTo(0.05);
    }
}
