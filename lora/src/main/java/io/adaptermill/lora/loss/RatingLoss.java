package io.adaptermill.lora.loss;

/// What one rated response costs.
public sealed interface RatingLoss permits Kto, ApoZero {
    /// @param byResponse derivative by the response's nats
    record Result(double loss, double byResponse) {}

    /// @param divergence as [Kto#divergence] estimates it; 0 where it is not needed
    Result of(boolean good, Response response, double divergence);

    /// Whether it wants the divergence from the reference, which costs two more forward passes over the ratings.
    boolean needsDivergence();
}
