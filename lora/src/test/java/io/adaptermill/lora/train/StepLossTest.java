package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.loss.Dpo;
import io.adaptermill.lora.loss.Kto;
import io.adaptermill.lora.loss.Orpo;
import io.adaptermill.lora.transformer.TokenSequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepLossTest {
    private static final double LN2 = Math.log(2);
    private static final LessonLosses LOSSES = new LessonLosses(new Dpo(0.1, 0), new Kto(0.1), 0.2);

    private final Lesson demonstration = new Lesson.Demonstrated(tokens(6));
    private final Lesson edit = new Lesson.Edited(tokens(4), tokens(3));
    private final Lesson preference = new Lesson.Preferred(tokens(5), tokens(5));
    private final Lesson rating = new Lesson.Rated(tokens(2), true);

    @Test
    void demonstrations_alone_cost_the_mean_over_all_their_tokens() {
        // Given
        Lesson longer = new Lesson.Demonstrated(tokens(18));
        StepLoss loss = StepLoss.of(List.of(demonstration, longer), LOSSES, 0);

        // When
        double sum = loss.share(demonstration, new double[] {12}, new double[0]).loss()
                + loss.share(longer, new double[] {24}, new double[0]).loss();

        // Then
        assertThat(sum).isCloseTo(36.0 / 24, within(1e-12));
    }

    @Test
    void in_a_mixed_step_every_example_counts_once_and_an_edits_preference_by_its_weight() {
        // Given: ten imitated tokens in two of four examples
        StepLoss loss = StepLoss.of(List.of(demonstration, edit, preference, rating), LOSSES, 0);
        double perToken = 2.0 / 10 / 4;

        // When
        StepLoss.Share shown = loss.share(demonstration, new double[] {12}, new double[0]);
        StepLoss.Share edited = loss.share(edit, new double[] {8, 9}, new double[] {8, 9});
        StepLoss.Share preferred = loss.share(preference, new double[] {8, 9}, new double[] {8, 9});
        StepLoss.Share rated = loss.share(rating, new double[] {3}, new double[] {3});

        // Then
        assertThat(shown.loss()).isCloseTo(perToken * 12, within(1e-12));
        assertThat(edited.loss()).isCloseTo(perToken * 8 + 0.2 * LN2 / 4, within(1e-12));
        assertThat(edited.weights())
                .containsExactly(new double[] {perToken + 0.2 * 0.05 / 4, -0.2 * 0.05 / 4}, within(1e-12));
        assertThat(preferred.loss()).isCloseTo(LN2 / 4, within(1e-12));
        assertThat(preferred.weights()).containsExactly(new double[] {0.05 / 4, -0.05 / 4}, within(1e-12));
        assertThat(rated.loss()).isCloseTo(0.5 / 4, within(1e-12));
        assertThat(rated.weights()).containsExactly(new double[] {0.1 * 0.25 / 4}, within(1e-12));
    }

    @Test
    void with_odds_ratios_a_preference_is_imitated_too_and_compared_with_nothing() {
        // Given: five imitated tokens in one of two examples
        LessonLosses losses = new LessonLosses(new Orpo(0.3), new Kto(0.1), 1);
        StepLoss loss = StepLoss.of(List.of(preference, rating), losses, 0);

        // When: a likelihood of e⁻¹ for every token
        StepLoss.Share share = loss.share(preference, new double[] {5, 5}, new double[0]);

        // Then
        double perToken = 1.0 / 5 / 2;
        double pull = 0.3 / 2 / (1 - Math.exp(-1)) / 5 / 2;
        assertThat(losses.needsReference(preference)).isFalse();
        assertThat(share.loss()).isCloseTo(perToken * 5 + 0.3 * LN2 / 2, within(1e-12));
        assertThat(share.weights()).containsExactly(new double[] {perToken + pull, -pull}, within(1e-12));
    }

    /// One token of prompt, and so many of response.
    private static TokenSequence tokens(int targets) {
        return new TokenSequence(new int[targets + 1], 1);
    }
}
