package io.adaptermill.lora;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.train.BatchTrainer;
import io.adaptermill.lora.train.SharedTraining;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;

/// Trains adapters on one base model.
///
/// Safe to use from several threads: each call has its own memory, which it gives back however it ends.
///
/// Same parent, examples (in this order), recipe, seed and base give the same bits: in a cold process or a warm one,
/// with one thread or many (`-Dio.adaptermill.threads`, by default the processors), alone or beside other runs. They
/// depend on the kind of processor.
public final class AdapterTrainer {
    private final BaseModel base;
    private final FrozenDecoder decoder;

    /// Makes all ready, so that the first training takes no longer than the others.
    public AdapterTrainer(BaseModel base) {
        this.base = base;
        this.decoder = base.decoder();
    }

    /// @param parent to go on from, with its optimizer's moments; absent for a new adapter
    /// @param examples in the batch's order
    /// @param progress may throw to abort, see [Progress#step]
    public TrainingOutcome train(
            Optional<Adapter> parent, List<Example> examples, Recipe recipe, long seed, Progress progress) {
        return train(new Assignment(parent, examples, recipe, seed, progress));
    }

    public TrainingOutcome train(Assignment assignment) {
        return new BatchTrainer(decoder, new ChatRendering(base.text())).train(assignment);
    }

    /// Begins to train several batches at once, of tenants with whatever recipes, lengths and ranks: the base's weights
    /// go through the processor once for all. Each batch gets the very bits that [#train] gives it.
    ///
    /// @return to be asked for each result, and closed
    public SharedTraining begin(List<Assignment> assignments) {
        return new BatchTrainer(decoder, new ChatRendering(base.text())).begin(assignments);
    }
}
