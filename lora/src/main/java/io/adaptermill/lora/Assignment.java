package io.adaptermill.lora;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;

/// One batch to be trained, as [AdapterTrainer#train] takes it, for training beside others.
///
/// @param parent to go on from, with its optimizer's moments; absent for a new adapter
/// @param examples in the batch's order
/// @param progress may throw to abort this batch and no other
/// @param level that [Recipe#level] names; absent where it names none
public record Assignment(
        Optional<Adapter> parent,
        Optional<Adapter> level,
        List<Example> examples,
        Recipe recipe,
        long seed,
        Progress progress) {
    public Assignment {
        examples = List.copyOf(examples);
        if (level.isPresent() != recipe.level().isPresent()) {
            throw new IllegalArgumentException("the adapter of a recipe's level must be given, and no other: the recipe"
                    + " names " + recipe.level().map(Digest::value).orElse("none"));
        }
    }

    /// Of a tenant without a level.
    public Assignment(Optional<Adapter> parent, List<Example> examples, Recipe recipe, long seed, Progress progress) {
        this(parent, Optional.empty(), examples, recipe, seed, progress);
    }
}
