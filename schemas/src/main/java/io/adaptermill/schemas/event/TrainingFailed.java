package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.BatchId;

/// A batch that gave no candidate; the next batch goes on from the same parent.
///
/// @param step at which it went wrong, 0 before the first
/// @param reason in words, such as a loss that is not a number
public record TrainingFailed(BatchId batch, int step, String reason, String nextStep) implements Event {
    public TrainingFailed {
        Checks.atLeast("step", step, 0);
        Checks.filled("reason", reason);
        Checks.filled("nextStep", nextStep);
    }
}
