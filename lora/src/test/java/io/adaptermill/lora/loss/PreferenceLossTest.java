package io.adaptermill.lora.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceLossTest {
    private static final double STEP = 1e-5;

    private final Dpo dpo = new Dpo(0.1, 0);
    private final Dpo smoothed = new Dpo(0.1, 0.2);
    private final Orpo orpo = new Orpo(0.3);
    private final Kto kto = new Kto(0.1);
    private final ApoZero apo = new ApoZero(0.1);

    @Test
    void a_model_that_agrees_with_its_reference_pays_ln_2_and_is_pulled_by_half_of_beta() {
        // When
        PairLoss.Result result = dpo.of(response(30, 30), response(40, 40));

        // Then
        assertThat(result).isEqualTo(new PairLoss.Result(-Math.log(0.5), 0.05, -0.05));
    }

    @Test
    void a_margin_of_ten_beta_pays_by_the_logistic_function() {
        // When: the chosen one gained 6 nats, the rejected one lost 4
        PairLoss.Result result = dpo.of(response(24, 30), response(44, 40));

        // Then
        assertThat(result.loss()).isCloseTo(Math.log(1 + Math.exp(-1)), within(1e-12));
        assertThat(result.byChosen()).isCloseTo(0.1 / (1 + Math.E), within(1e-12));
    }

    @Test
    void a_hopeless_margin_pays_in_a_straight_line_without_overflow() {
        // When
        PairLoss.Result result = dpo.of(response(1e5, 0), response(0, 0));

        // Then
        assertThat(result.loss()).isCloseTo(1e4, within(1e-6));
        assertThat(result.byChosen()).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void with_one_preference_in_five_thought_wrong_the_pull_ends_at_odds_of_four_to_one() {
        // Given: a margin of ln 4
        double gained = Math.log(4) / 0.1;

        // When
        PairLoss.Result there = smoothed.of(response(50 - gained, 50), response(40, 40));
        PairLoss.Result beyond = smoothed.of(response(50 - gained - 1, 50), response(40, 40));

        // Then
        assertThat(there.byChosen()).isCloseTo(0, within(1e-12));
        assertThat(beyond.byChosen()).isNegative();
    }

    @Test
    void even_odds_pay_ln_2_and_a_long_response_is_pulled_less_for_each_nat() {
        // When: a likelihood of e⁻¹ for every token of both
        PairLoss.Result result = orpo.of(new Response(4, 4, 0), new Response(8, 8, 0));

        // Then
        double pull = 0.3 / 2 / (1 - Math.exp(-1));
        assertThat(result.loss()).isCloseTo(0.3 * Math.log(2), within(1e-12));
        assertThat(result.byChosen()).isCloseTo(pull / 4, within(1e-12));
        assertThat(result.byRejected()).isCloseTo(-pull / 8, within(1e-12));
    }

    @Test
    void odds_of_a_certain_response_stay_finite() {
        // When
        PairLoss.Result chosen = orpo.of(new Response(0, 3, 0), new Response(9, 3, 0));
        PairLoss.Result rejected = orpo.of(new Response(9, 3, 0), new Response(0, 3, 0));

        // Then
        assertThat(chosen.byChosen()).isFinite();
        assertThat(rejected.loss()).isFinite();
        assertThat(rejected.byRejected()).isFinite().isNegative();
    }

    @Test
    void a_rating_pays_by_how_far_the_reward_is_from_the_divergence() {
        // When: reward 5, divergence 2
        RatingLoss.Result good = kto.of(true, response(25, 30), 2);
        RatingLoss.Result bad = kto.of(false, response(25, 30), 2);

        // Then
        double sigmoid = 1 / (1 + Math.exp(-0.3));
        assertThat(good.loss()).isCloseTo(1 - sigmoid, within(1e-12));
        assertThat(good.byResponse()).isCloseTo(0.1 * sigmoid * (1 - sigmoid), within(1e-12));
        assertThat(bad.loss()).isCloseTo(sigmoid, within(1e-12));
        assertThat(bad.byResponse()).isCloseTo(-0.1 * sigmoid * (1 - sigmoid), within(1e-12));
    }

    @Test
    void an_anchored_rating_is_a_rating_without_divergence() {
        for (boolean good : new boolean[] {true, false}) {
            assertThat(apo.of(good, response(25, 30), 7)).isEqualTo(kto.of(good, response(25, 30), 0));
        }
    }

    @Test
    void the_divergence_is_a_mean_that_is_never_negative() {
        assertThat(Kto.divergence(new double[] {10, 20}, new double[] {12, 21})).isEqualTo(1.5);
        assertThat(Kto.divergence(new double[] {10}, new double[] {5})).isZero();
        assertThat(Kto.divergence(new double[0], new double[0])).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3, 9, 4, 8", "30, 9, 4, 18", "0.2, 0.3, 1, 1", "55, 70, 40, 90"})
    void every_derivative_is_the_slope_of_its_loss(double c, double r, double cReference, double rReference) {
        for (PairLoss loss : new PairLoss[] {dpo, smoothed, orpo}) {
            PairLoss.Result result = loss.of(response(c, cReference), response(r, rReference));
            assertSlope(
                    x -> loss.of(response(x, cReference), response(r, rReference))
                            .loss(),
                    c,
                    result.byChosen());
            assertSlope(
                    x -> loss.of(response(c, cReference), response(x, rReference))
                            .loss(),
                    r,
                    result.byRejected());
        }
        for (RatingLoss loss : new RatingLoss[] {kto, apo}) {
            for (boolean good : new boolean[] {true, false}) {
                assertSlope(
                        x -> loss.of(good, response(x, cReference), 1.5).loss(),
                        c,
                        loss.of(good, response(c, cReference), 1.5).byResponse());
            }
        }
    }

    @Test
    void more_wrong_preferences_than_right_ones_are_refused() {
        assertThatThrownBy(() -> new Dpo(0.1, 0.6)).hasMessage("labelSmoothing must be in [0, 0.5], was 0.6");
    }

    private static void assertSlope(DoubleUnaryOperator loss, double at, double derivative) {
        double slope = (loss.applyAsDouble(at + STEP) - loss.applyAsDouble(at - STEP)) / (2 * STEP);
        assertThat(derivative).isCloseTo(slope, within(1e-7 * Math.abs(slope) + 1e-9));
    }

    private static Response response(double nats, double reference) {
        return new Response(nats, 5, reference);
    }
}
