package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.BatchId;

/// One optimizer step was taken. For people and dashboards only: nothing decides by it.
public record TrainingProgressed(BatchId batch, int step, int stepsTotal, double lossNats, String worker)
        implements Event {}
