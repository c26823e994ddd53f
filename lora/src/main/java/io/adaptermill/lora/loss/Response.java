package io.adaptermill.lora.loss;

/// What a preference loss knows of one response.
///
/// @param nats negative log-likelihood of the whole response
/// @param tokens of the response, at least 1
/// @param referenceNats the same nats under the reference; 0 where no loss compares with it
public record Response(double nats, int tokens, double referenceNats) {
    public Response {
        if (tokens < 1) throw new IllegalArgumentException("tokens must be at least 1, was " + tokens);
    }

    /// `log π − log ρ`: how much likelier than under the reference.
    double reward() {
        return referenceNats - nats;
    }

    /// Mean log-likelihood of a token.
    double mean() {
        return -nats / tokens;
    }
}
