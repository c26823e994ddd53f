package io.adaptermill.lora.kernel;

/// The same rows of each matrix of a batch: `[first, first + rows)` of every `[n, d]` in `[b, n, d]`.
public record Window(int first, int rows) {}
