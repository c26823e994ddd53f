package io.adaptermill.lora.generate;

/// How the next token is chosen.
///
/// @param temperature 0 takes the likeliest token always; otherwise logits are divided by it
/// @param topP draws from the fewest tokens whose probabilities reach this sum, in (0, 1]
/// @param seed the same seed, prompt, model and adapter give the same text, whoever else is being answered
public record Sampling(double temperature, double topP, long seed) {
    public static final Sampling GREEDY = new Sampling(0, 1, 0);
    public static final double TEMPERATURE_MAX = 2;

    public Sampling {
        if (!(temperature >= 0 && temperature <= TEMPERATURE_MAX)) {
            throw new IllegalArgumentException(
                    "temperature must be in [0, " + TEMPERATURE_MAX + "], was " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) throw new IllegalArgumentException("topP must be in (0, 1], was " + topP);
    }

    public boolean isGreedy() {
        return temperature == 0;
    }
}
