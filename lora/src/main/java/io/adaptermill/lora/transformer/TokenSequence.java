package io.adaptermill.lora.transformer;

import java.util.Arrays;

/// Tokens of a prompt and its response.
///
/// @param tokens at least two
/// @param firstTarget index of the first token whose likelihood counts, at least 1
public record TokenSequence(int[] tokens, int firstTarget) {
    public TokenSequence {
        if (firstTarget < 1 || firstTarget >= tokens.length) {
            throw new IllegalArgumentException(
                    "firstTarget must be in [1, " + (tokens.length - 1) + "], was " + firstTarget);
        }
    }

    /// This one's prompt with another one's response.
    public TokenSequence answeredBy(TokenSequence other) {
        int[] answered = Arrays.copyOf(tokens, firstTarget + other.targets());
        System.arraycopy(other.tokens, other.firstTarget, answered, firstTarget, other.targets());
        return new TokenSequence(answered, firstTarget);
    }

    /// Tokens whose likelihood counts.
    public int targets() {
        return tokens.length - firstTarget;
    }

    /// Tokens that go through the decoder: the last one predicts nothing.
    public int rows() {
        return tokens.length - 1;
    }
}
