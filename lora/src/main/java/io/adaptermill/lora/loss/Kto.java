package io.adaptermill.lora.loss;

/// Kahneman-Tversky optimisation: `1 − σ(β (r − z))` for a good response, `1 − σ(β (z − r))` for a bad one,
/// `r = log π − log ρ`.
///
/// z, the divergence from the reference, is estimated from prompts with other prompts' responses and gets no
/// gradient; π and ρ as in [Dpo]. Both kinds count alike. Source: Ethayarajh et al. 2024, eq. 7. Checked
/// against TRL's formula in `PeftGoldenTest`.
///
/// @param beta strength of the pull towards the reference, positive
public record Kto(double beta) {
    public Kto {
        if (!(beta > 0)) throw new IllegalArgumentException("beta must be positive, was " + beta);
    }

    /// @param byResponse derivative by the response's nats
    public record Result(double loss, double byResponse) {}

    /// @param response negative log-likelihood of the rated response
    /// @param reference the same under the reference
    /// @param divergence as [#divergence] estimates it
    public Result of(boolean good, double response, double reference, double divergence) {
        double reward = reference - response;
        double sign = good ? 1 : -1;
        double value = Sigmoid.of(beta * sign * (reward - divergence));
        return new Result(1 - value, sign * beta * value * (1 - value));
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
