package io.adaptermill.trainer;

import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingStats;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.trainer.training.Training;
import io.adaptermill.trainer.training.TrainingResult;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Trains at once, to a digest of the batch itself. Tenant `nan` diverges, tenant `bug` makes the engine
/// throw; the store is away for the first call of all.
@Singleton
public final class FakeTraining implements Training {
    static final Digest BASE = Digest.of(new byte[] {7});

    final AtomicInteger calls = new AtomicInteger();

    @Override
    public TrainingResult train(BatchClosed batch, Progress progress) {
        if (calls.incrementAndGet() == 1) {
            throw new Unavailable("the store is away for a moment", Duration.ofMillis(10));
        }
        if (batch.batch().tenant().value().equals("nan")) {
            return new TrainingResult.Failed(3, "the loss is not a finite number: NaN", "Lower the learning rate.");
        }
        progress.step(1, 1, 2.5);
        if (batch.batch().tenant().value().equals("bug")) {
            throw new IllegalStateException("the engine never expected this");
        }
        return new TrainingResult.Stored(artifact(batch), BASE, new TrainingStats(1, 10, 2.5, 2.5));
    }

    static Digest artifact(BatchClosed batch) {
        return Digest.of(EventJson.write(batch));
    }

    @Override
    public void close() {}
}
