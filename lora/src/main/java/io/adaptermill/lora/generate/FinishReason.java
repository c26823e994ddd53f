package io.adaptermill.lora.generate;

/// Why an answer ended.
public enum FinishReason {
    /// The model said it was done, or one of the request's stop strings came up.
    STOP,
    /// The request's limit of tokens, or the context, was reached.
    LENGTH
}
