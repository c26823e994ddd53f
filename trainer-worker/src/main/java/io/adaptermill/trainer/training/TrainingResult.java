package io.adaptermill.trainer.training;

import io.adaptermill.lora.TrainingStats;
import io.adaptermill.schemas.id.Digest;

/// How training a batch ended.
public sealed interface TrainingResult {
    /// A candidate lies in the store.
    record Stored(Digest artifact, Digest base, TrainingStats stats) implements TrainingResult {}

    /// The batch gives no candidate, now or ever.
    ///
    /// @param step at which it went wrong, 0 before the first
    record Failed(int step, String reason, String nextStep) implements TrainingResult {}
}
