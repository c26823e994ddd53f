package io.adaptermill.lora.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PreferenceLossTest {
    private final Dpo dpo = new Dpo(0.1);
    private final Kto kto = new Kto(0.1);

    @Test
    void a_model_that_agrees_with_its_reference_pays_ln_2_and_is_pulled_by_half_of_beta() {
        // When
        Dpo.Result result = dpo.of(30, 40, 30, 40);

        // Then
        assertThat(result).isEqualTo(new Dpo.Result(-Math.log(0.5), 0.05, -0.05));
    }

    @Test
    void a_margin_of_ten_beta_pays_by_the_logistic_function() {
        // When: the chosen one gained 6 nats, the rejected one lost 4
        Dpo.Result result = dpo.of(24, 44, 30, 40);

        // Then
        assertThat(result.loss()).isCloseTo(Math.log(1 + Math.exp(-1)), within(1e-12));
        assertThat(result.byChosen()).isCloseTo(0.1 / (1 + Math.E), within(1e-12));
    }

    @Test
    void a_hopeless_margin_pays_in_a_straight_line_without_overflow() {
        // When
        Dpo.Result result = dpo.of(1e5, 0, 0, 0);

        // Then
        assertThat(result.loss()).isCloseTo(1e4, within(1e-6));
        assertThat(result.byChosen()).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void a_rating_pays_by_how_far_the_reward_is_from_the_divergence() {
        // When: reward 5, divergence 2
        Kto.Result good = kto.of(true, 25, 30, 2);
        Kto.Result bad = kto.of(false, 25, 30, 2);

        // Then
        double sigmoid = 1 / (1 + Math.exp(-0.3));
        assertThat(good.loss()).isCloseTo(1 - sigmoid, within(1e-12));
        assertThat(good.byResponse()).isCloseTo(0.1 * sigmoid * (1 - sigmoid), within(1e-12));
        assertThat(bad.loss()).isCloseTo(sigmoid, within(1e-12));
        assertThat(bad.byResponse()).isCloseTo(-0.1 * sigmoid * (1 - sigmoid), within(1e-12));
    }

    @Test
    void the_divergence_is_a_mean_that_is_never_negative() {
        assertThat(Kto.divergence(new double[] {10, 20}, new double[] {12, 21})).isEqualTo(1.5);
        assertThat(Kto.divergence(new double[] {10}, new double[] {5})).isZero();
        assertThat(Kto.divergence(new double[0], new double[0])).isZero();
    }
}
