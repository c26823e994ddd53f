package io.adaptermill.lora;

/// How surprised a model is by a response.
///
/// The margin of a preference is `rejected.nats() - chosen.nats()` of its two scores: positive if the model
/// agrees.
///
/// @param nats negative log-likelihood of the whole response, its end included; not finite if the adapter is
/// broken
/// @param tokens of the response, its end included
public record Score(double nats, int tokens) {
    public double natsPerToken() {
        return nats / tokens;
    }
}
