package io.adaptermill.cli.rebuild;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.Digest;
import java.util.Optional;

/// What trains. The same batch on the same parent and base gives the same bits.
public interface Engine extends AutoCloseable {
    /// Fingerprint of the base model that it trains on.
    Digest base();

    /// @param parent what the batch's own parent was, absent for the bare base model
    /// @param progress told each step's loss
    Trained train(Optional<Adapter> parent, BatchClosed batch, Progress progress);

    @Override
    void close();

    /// How it ended.
    sealed interface Trained {
        record Done(Adapter adapter) implements Trained {}

        record Failed(int step, String reason) implements Trained {}
    }

    /// Hears of steps as they are taken.
    interface Progress {
        void step(int step, int stepsTotal, double lossNats);
    }
}
