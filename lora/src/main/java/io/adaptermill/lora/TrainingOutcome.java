package io.adaptermill.lora;

import io.adaptermill.artifacts.Adapter;

/// How a training run ended.
public sealed interface TrainingOutcome {
    /// @param adapter finite weights, with the optimizer's moments to go on from
    record Trained(Adapter adapter, TrainingStats stats) implements TrainingOutcome {}

    /// The batch cannot be learnt with this recipe; trying again gives the same answer.
    ///
    /// @param step at which it went wrong, counted from 1; 0 if before the first
    /// @param reason in words, such as a loss that is not a number
    record Failed(int step, String reason) implements TrainingOutcome {}
}
