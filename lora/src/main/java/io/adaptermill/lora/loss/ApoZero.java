package io.adaptermill.lora.loss;

/// Anchored preference optimisation of single ratings: `1 − σ(β r)` for a good response, `σ(β r)` for a bad one,
/// `r = log π − log ρ`.
///
/// KTO with its divergence held at 0: nothing has to be estimated from the other ratings of a step, so it suits
/// a tenant who rates now and then. Good responses become likelier than under the reference, bad ones less
/// likely. Source: D'Oosterlinck et al. 2024, eq. 7, unpaired. Checked against TRL's formula in
/// `LossGoldenTest`.
///
/// @param beta strength of the pull towards the reference, positive
public record ApoZero(double beta) implements RatingLoss {
    public ApoZero {
        if (!(beta > 0)) throw new IllegalArgumentException("beta must be positive, was " + beta);
    }

    @Override
    public Result of(boolean good, Response response, double divergence) {
        double sign = good ? 1 : -1;
        double value = Sigmoid.of(beta * sign * response.reward());
        return new Result(1 - value, sign * beta * value * (1 - value));
    }

    @Override
    public boolean needsDivergence() {
        return false;
    }
}
