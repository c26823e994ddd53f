package io.adaptermill.lora.generate;

/// A finished answer.
///
/// @param promptTokens tokens of the rendered conversation
/// @param completionTokens tokens the model wrote, the one that ended the answer included
public record GenerationResult(String text, FinishReason finish, int promptTokens, int completionTokens) {}
