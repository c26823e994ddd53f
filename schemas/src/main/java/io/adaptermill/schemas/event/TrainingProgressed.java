package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.BatchId;

/// One optimizer step was taken. For people and dashboards only: nothing decides by it.
///
/// @param step counted from 1
public record TrainingProgressed(BatchId batch, int step, int stepsTotal, double lossNats, String worker)
        implements Event {
    public TrainingProgressed {
        Checks.within("step", step, 1, stepsTotal);
        Checks.finite("lossNats", lossNats);
        Checks.filled("worker", worker);
    }
}
