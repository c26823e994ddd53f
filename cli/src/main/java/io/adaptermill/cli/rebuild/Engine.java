package io.adaptermill.cli.rebuild;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.Digest;
import java.util.Optional;

/// What trains. The same batch on the same parent and base gives the same bits.
public interface Engine extends AutoCloseable {
    /// Fingerprint of the base model that it trains on.
    Digest base();

    /// @param parent what the batch's own parent was, absent for the bare base model
    /// @param level that the batch's recipe names, absent where it names none
    /// @param progress told each step's loss
    Trained train(Optional<Adapter> parent, Optional<Adapter> level, BatchClosed batch, Progress progress);

    /// With the level read from a store.
    default Trained train(Optional<Adapter> parent, BatchClosed batch, ArtifactStore levels, Progress progress) {
        return train(parent, batch.recipe().level().map(levels::get).map(AdapterArtifact::adapter), batch, progress);
    }

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
