package io.adaptermill.cli.rebuild;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// Carries out a retraining: what comes out never saw what was left out.
public final class Retrain {
    private final Engine engine;
    private final ArtifactStore original;
    private final ArtifactStore results;

    /// @param original what the trainer wrote: read only
    /// @param results where the new artifacts go
    public Retrain(Engine engine, ArtifactStore original, ArtifactStore results) {
        this.engine = engine;
        this.original = original;
        this.results = results;
    }

    /// @return the last version trained, or the checkpoint if nothing was left to train; absent for the bare
    ///     base model
    /// @throws TrainingBroke if what is left of a batch cannot be learned
    public Optional<AdapterRef> run(Retraining plan, Rebuild.Watcher watcher) {
        Optional<AdapterRef> last = plan.checkpoint();
        Optional<Adapter> adapter =
                last.map(AdapterRef::artifact).map(original::get).map(AdapterArtifact::adapter);
        for (BatchClosed planned : plan.batches()) {
            BatchClosed batch = Retraining.after(planned, last);
            VersionId version = VersionId.of(batch.batch());
            watcher.starts(version);
            adapter = Optional.of(trained(adapter, batch, watcher));
            AdapterArtifact artifact = new AdapterArtifact(adapter.get(), Provenance.of(batch, engine.base()));
            last = Optional.of(new AdapterRef(version, results.put(artifact)));
        }
        return last;
    }

    private Adapter trained(Optional<Adapter> parent, BatchClosed batch, Rebuild.Watcher watcher) {
        VersionId version = VersionId.of(batch.batch());
        return switch (engine.train(
                parent, batch, original, (step, total, loss) -> watcher.step(version, step, total, loss))) {
            case Engine.Trained.Done(Adapter adapter) -> adapter;
            case Engine.Trained.Failed(int step, String reason) -> throw new TrainingBroke(version, step, reason);
        };
    }

    /// What is left of a batch cannot be learned with its recipe.
    ///
    /// *What to do:* serve the last clean version; the tenant's next feedback goes on from there.
    public static final class TrainingBroke extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TrainingBroke(VersionId version, int step, String reason) {
            super("training " + version + " broke at step " + step + ": " + reason);
        }
    }
}
