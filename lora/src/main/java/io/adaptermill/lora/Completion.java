package io.adaptermill.lora;

import io.adaptermill.schemas.feedback.Prompt;

/// A prompt and one response to it, whose likelihood is asked for.
public record Completion(Prompt prompt, String response) {}
