package io.adaptermill.cli.rebuild;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.AdapterTrainer;
import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.id.Digest;
import java.nio.file.Path;
import java.util.Optional;

/// The trainer's own engine.
public final class LoraEngine implements Engine {
    private final BaseModel base;
    private final AdapterTrainer trainer;

    private LoraEngine(BaseModel base) {
        this.base = base;
        this.trainer = new AdapterTrainer(base);
    }

    /// @throws IllegalArgumentException if there is no such model, or one that the decoder cannot run
    public static LoraEngine open(Path model) {
        return new LoraEngine(BaseModel.open(model));
    }

    @Override
    public Digest base() {
        return new Digest(base.fingerprint());
    }

    @Override
    public Trained train(Optional<Adapter> parent, Optional<Adapter> level, BatchClosed batch, Progress progress) {
        var examples = batch.taught().map(BatchItem::example).toList();
        var assignment = new Assignment(parent, level, examples, batch.recipe(), batch.seed(), progress::step);
        return switch (trainer.train(assignment)) {
            case TrainingOutcome.Trained trained -> new Trained.Done(trained.adapter());
            case TrainingOutcome.Failed failed -> new Trained.Failed(failed.step(), failed.reason());
        };
    }

    @Override
    public void close() {
        base.close();
    }
}
