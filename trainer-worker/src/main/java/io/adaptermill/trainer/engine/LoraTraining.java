package io.adaptermill.trainer.engine;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.lora.AdapterTrainer;
import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.trainer.training.Training;
import io.adaptermill.trainer.training.TrainingResult;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Trains on one base model and keeps the results in a store. Used by one thread.
public final class LoraTraining implements Training {
    private static final Duration STORE_RETRY_AFTER = Duration.ofSeconds(2);

    private final BaseModel base;
    private final Digest fingerprint;
    private final AdapterTrainer trainer;
    private final ArtifactStore store;
    private Optional<ExpectedBatches> expected = Optional.empty();

    /// Takes over the base model, which is closed with it.
    public LoraTraining(BaseModel base, ArtifactStore store) {
        this.base = base;
        this.fingerprint = new Digest(base.fingerprint());
        this.trainer = new AdapterTrainer(base);
        this.store = store;
    }

    @Override
    public void expect(List<Request> requests) {
        expected.ifPresent(ExpectedBatches::close);
        expected = requests.size() < 2
                ? Optional.empty()
                : Optional.of(ExpectedBatches.begin(requests, trainer, this::assignment));
    }

    @Override
    public TrainingResult train(BatchClosed batch, Progress progress) {
        try {
            return result(batch, outcome(batch, progress));
        } catch (ArtifactMissing | MalformedFile e) {
            return new TrainingResult.Failed(
                    0,
                    "its parent or level cannot be read: " + e.getMessage(),
                    "Restore the artifact store, or name another recipe.level; the next batch has the same parent.");
        } catch (UncheckedIOException e) {
            throw new Unavailable("the artifact store does not answer: " + e.getMessage(), STORE_RETRY_AFTER, e);
        }
    }

    private TrainingOutcome outcome(BatchClosed batch, Progress progress) {
        Optional<TrainingOutcome> together = expected.flatMap(batches -> batches.await(batch));
        return together.orElseGet(() -> trainer.train(assignment(new Request(batch, progress))));
    }

    private TrainingResult result(BatchClosed batch, TrainingOutcome outcome) {
        return switch (outcome) {
            case TrainingOutcome.Trained trained ->
                new TrainingResult.Stored(
                        store.put(new AdapterArtifact(trained.adapter(), Provenance.of(batch, fingerprint))),
                        fingerprint,
                        trained.stats());
            case TrainingOutcome.Failed failed ->
                new TrainingResult.Failed(
                        failed.step(),
                        failed.reason(),
                        failed.step() == 0
                                ? "Change the recipe in the tenant's policy as the reason says."
                                : "Lower recipe.learningRate in the tenant's policy, or look at the batch's examples.");
        };
    }

    private Assignment assignment(Request request) {
        BatchClosed batch = request.batch();
        return new Assignment(
                batch.parent().map(AdapterRef::artifact).map(this::adapter),
                batch.recipe().level().map(this::adapter),
                batch.taught().map(BatchItem::example).toList(),
                batch.recipe(),
                batch.seed(),
                request.progress());
    }

    private Adapter adapter(Digest artifact) {
        return store.get(artifact).adapter();
    }

    @Override
    public void close() {
        expected.ifPresent(ExpectedBatches::close);
        base.close();
    }
}
