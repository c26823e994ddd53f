package io.adaptermill.lora.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.Golden;
import io.adaptermill.testkit.Parity;
import org.junit.jupiter.api.Test;

/// Losses and derivatives of random pairs against TRL's and autograd's, in double (`make_losses_golden.py`).
class LossGoldenTest {
    private static final JsonNode PAIRS = Golden.json("trl-losses.json").get("pairs");

    @Test
    void a_smoothed_preference_costs_and_pulls_as_in_trl() {
        for (JsonNode row : PAIRS) {
            PairLoss loss =
                    new Dpo(row.get("beta").asDouble(), row.get("epsilon").asDouble());

            assertPair("DPO with label smoothing", loss.of(response(row, 0), response(row, 1)), row.get("dpo"));
        }
    }

    @Test
    void an_odds_ratio_costs_and_pulls_as_in_trl() {
        for (JsonNode row : PAIRS) {
            PairLoss loss = new Orpo(row.get("weight").asDouble());

            assertPair("ORPO", loss.of(response(row, 0), response(row, 1)), row.get("orpo"));
        }
    }

    @Test
    void an_anchored_rating_costs_and_pulls_as_in_trl() {
        for (JsonNode row : PAIRS) {
            RatingLoss loss = new ApoZero(row.get("beta").asDouble());

            assertRating(loss.of(true, response(row, 0), 0), row.get("apo_good"));
            assertRating(loss.of(false, response(row, 0), 0), row.get("apo_bad"));
        }
    }

    private static void assertPair(String name, PairLoss.Result actual, JsonNode golden) {
        assertNumber(name, actual.loss(), golden.get(0));
        assertNumber(name, actual.byChosen(), golden.get(1));
        assertNumber(name, actual.byRejected(), golden.get(2));
    }

    private static void assertRating(RatingLoss.Result actual, JsonNode golden) {
        assertNumber("APO-zero", actual.loss(), golden.get(0));
        assertNumber("APO-zero", actual.byResponse(), golden.get(1));
    }

    private static void assertNumber(String name, double actual, JsonNode golden) {
        double expected = golden.asDouble();
        double bar = 1e-9;
        assertThat(actual).isCloseTo(expected, within(bar * Math.abs(expected) + 1e-13));
        double share = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-4);
        Parity.note("Losses", name, "TRL's formula", "loss and its derivatives, relative", share, bar);
    }

    private static Response response(JsonNode row, int index) {
        return new Response(
                row.get("nats").get(index).asDouble(),
                row.get("tokens").get(index).asInt(),
                row.get("nats").get(index + 2).asDouble());
    }
}
