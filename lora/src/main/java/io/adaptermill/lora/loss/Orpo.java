package io.adaptermill.lora.loss;

/// Odds-ratio preference optimisation: SFT of the chosen response, and `−λ log σ(log odds_c − log odds_r)`.
///
/// `odds = p / (1 − p)`, p the geometric mean of the likelihoods of a response's tokens. It needs no
/// reference. This is the second part; the first is the chosen response among the imitated ones. A mean
/// likelihood within 10⁻⁷ of certainty counts as that far from it, which keeps everything finite. Source:
/// Hong, Lee and Thorne 2024, eqs. 4 to 7. Checked against TRL's own function in `LossGoldenTest`.
///
/// @param weight λ, of the odds beside SFT, at least 0
public record Orpo(double weight) implements PairLoss {
    private static final double NEAREST = -1e-7;

    public Orpo {
        if (!(weight >= 0)) throw new IllegalArgumentException("weight must be at least 0, was " + weight);
    }

    @Override
    public Result of(Response chosen, Response rejected) {
        double margin = logOdds(chosen) - logOdds(rejected);
        double slope = weight * Sigmoid.of(-margin);
        return new Result(-weight * Sigmoid.log(margin), slope * pull(chosen), -slope * pull(rejected));
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public boolean imitatesChosen() {
        return true;
    }

    private static double logOdds(Response response) {
        double mean = Math.min(response.mean(), NEAREST);
        return mean - StrictMath.log(-StrictMath.expm1(mean));
    }

    /// How fast the log odds fall with the response's nats: `1 / (tokens (1 − p))`.
    private static double pull(Response response) {
        double mean = Math.min(response.mean(), NEAREST);
        return 1 / (-StrictMath.expm1(mean) * response.tokens());
    }
}
