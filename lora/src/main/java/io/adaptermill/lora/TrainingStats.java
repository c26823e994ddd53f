package io.adaptermill.lora;

/// What a training run did, in the numbers of `adapter.trained`.
///
/// @param steps optimizer steps
/// @param tokens that went forward and backward, all epochs together
/// @param lossNatsFirst loss of the first step
/// @param lossNatsLast loss of the last step
public record TrainingStats(int steps, long tokens, double lossNatsFirst, double lossNatsLast) {}
