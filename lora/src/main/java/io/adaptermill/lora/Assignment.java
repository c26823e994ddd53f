package io.adaptermill.lora;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;

/// One batch to be trained, as [AdapterTrainer#train] takes it, for training beside others.
///
/// @param parent to go on from, with its optimizer's moments; absent for a new adapter
/// @param examples in the batch's order
/// @param progress may throw to abort this batch and no other
public record Assignment(
        Optional<Adapter> parent, List<Example> examples, Recipe recipe, long seed, Progress progress) {
    public Assignment {
        examples = List.copyOf(examples);
    }
}
