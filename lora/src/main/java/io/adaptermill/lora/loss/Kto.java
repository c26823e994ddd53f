package io.adaptermill.lora.loss;

/// Kahneman-Tversky optimisation: `1 − σ(β (r − z))` for a good response, `1 − σ(β (z − r))` for a bad one,
/// `r = log π − log ρ`.
///
/// z, the divergence from the reference, is estimated from prompts with other prompts' responses and gets no
/// gradient; π and ρ as in [Dpo]. What each kind counts is the step's affair. Source: Ethayarajh et al. 2024, eq. 7.
/// Checked
/// against TRL in `StepsGoldenTest`.
///
/// @param beta strength of the pull towards the reference, positive
public record Kto(double beta) implements RatingLoss {
    public Kto {
        if (!(beta > 0)) throw new IllegalArgumentException("beta must be positive, was " + beta);
    }

    @Override
    public Result of(boolean good, Response response, double divergence) {
        double sign = good ? 1 : -1;
        double value = Sigmoid.of(beta * sign * (response.reward() - divergence));
        return new Result(1 - value, sign * beta * value * (1 - value));
    }

    @Override
    public boolean needsDivergence() {
        return true;
    }

    /// Mean of `log π − log ρ` over mismatched pairs, at least 0; 0 if there are none.
    ///
    /// @param responses negative log-likelihoods of mismatched responses
    /// @param references the same under the reference
    public static double divergence(double[] responses, double[] references) {
        if (responses.length == 0) return 0;
        double sum = 0;
        for (int i = 0; i < responses.length; i++) sum += references[i] - responses[i];
        return Math.max(0, sum / responses.length);
    }
}
