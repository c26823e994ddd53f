package io.adaptermill.lora.train;

import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.schemas.feedback.Prompt;

/// How a conversation becomes tokens: the same in training, scoring and serving.
public interface Rendering {
    /// The conversation in the model's chat template, up to where the assistant begins to speak.
    int[] prompt(Prompt prompt);

    /// A response and the token that ends it.
    int[] response(String response);

    /// Both, cut to a length: first at the left of the prompt, so that the newest turns stay; then, if the
    /// response alone is too long, at its end.
    ///
    /// @param tokensMax at least 2
    default TokenSequence sequence(Prompt prompt, String response, int tokensMax) {
        return cut(prompt(prompt), response(response), tokensMax);
    }

    private static TokenSequence cut(int[] prompt, int[] response, int tokensMax) {
        int kept = Math.min(response.length, tokensMax - 1);
        int context = Math.min(prompt.length, tokensMax - kept);
        int[] tokens = new int[context + kept];
        System.arraycopy(prompt, prompt.length - context, tokens, 0, context);
        System.arraycopy(response, 0, tokens, context, kept);
        return new TokenSequence(tokens, context);
    }
}
