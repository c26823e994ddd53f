package io.adaptermill.lora.train;

import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.stream.Collectors;

/// One token for each letter: enough of a tokenizer for a vocabulary of 150. Token 1 ends a response.
final class LetterRendering implements Rendering {
    @Override
    public int[] prompt(Prompt prompt) {
        return letters(prompt.messages().stream().map(Message::content).collect(Collectors.joining("\n")) + "\n");
    }

    @Override
    public int[] response(String response) {
        int[] tokens = letters(response + "\0");
        tokens[tokens.length - 1] = 1;
        return tokens;
    }

    private static int[] letters(String text) {
        return text.chars().map(c -> c % 150).toArray();
    }
}
