package io.adaptermill.serving.chat;

import io.adaptermill.lora.generate.GenerationRequest;

/// A request that has passed every check that needs no state.
///
/// @param model as it was spelled, to be repeated in the answer
/// @param includeUsage whether a stream ends with a chunk of token counts
public record ChatRequest(
        String model, ModelName name, GenerationRequest generation, boolean stream, boolean includeUsage) {}
