package io.adaptermill.trainer.training;

import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.VersionId;

/// The one event that each batch ends in.
public final class Results {
    private Results() {}

    public static Event of(BatchClosed batch, TrainingResult result) {
        return switch (result) {
            case TrainingResult.Stored stored ->
                new AdapterTrained(
                        VersionId.of(batch.batch()),
                        stored.artifact(),
                        batch.batch(),
                        batch.parent(),
                        stored.base(),
                        stored.stats().steps(),
                        stored.stats().tokens(),
                        stored.stats().lossNatsFirst(),
                        stored.stats().lossNatsLast(),
                        batch.holdoutThrough());
            case TrainingResult.Failed failed ->
                new TrainingFailed(batch.batch(), failed.step(), failed.reason(), failed.nextStep());
        };
    }
}
