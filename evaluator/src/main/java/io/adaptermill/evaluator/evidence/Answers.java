package io.adaptermill.evaluator.evidence;

import java.util.List;

/// What an adapter wrote, prompt by prompt.
///
/// @param millisPerToken over all of them together, reading the prompts included
public record Answers(List<String> texts, double millisPerToken) {
    public Answers {
        texts = List.copyOf(texts);
    }
}
