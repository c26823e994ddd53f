package io.adaptermill.bench;

import io.adaptermill.lora.train.Rendering;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.Arrays;

/// Examples whose texts name stretches of one token file, so that all programs learn the very same tokens.
///
/// The prompt of a stretch is its first token: all others are labelled.
record TokenRendering(int[] tokens) implements Rendering {
    /// @param from of the first token
    record Stretch(int from, int length) {
        Prompt prompt() {
            return Prompt.ofUser(Integer.toString(from));
        }

        String response() {
            return from + 1 + "+" + (length - 1);
        }

        Example demonstration() {
            return new Example.Demonstration(prompt(), response());
        }
    }

    /// How many steps go by before tokens repeat.
    int batches(int sequences, int length) {
        return tokens.length / (sequences * length);
    }

    Stretch stretch(int index, int length) {
        return new Stretch(index * length, length);
    }

    @Override
    public int[] prompt(Prompt prompt) {
        return new int[] {tokens[Integer.parseInt(prompt.messages().getLast().content())]};
    }

    @Override
    public int[] response(String response) {
        int plus = response.indexOf('+');
        int from = Integer.parseInt(response.substring(0, plus));
        return Arrays.copyOfRange(tokens, from, from + Integer.parseInt(response.substring(plus + 1)));
    }
}
