package io.adaptermill.lora.plan;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.transformer.Activations;
import java.util.List;
import java.util.Optional;

/// Finds the setting of a training run that costs least time and fits the memory.
///
/// @param precision of the products
public record Planner(ModelConfig model, LinearStorage storage, Precision precision, Place place) {
    /// A setting and what it needs.
    public record Choice(Workload work, MemoryPlan plan) {}

    /// From the fastest setting to the smallest: moments are read once a step, a block that runs again costs
    /// a third of every step.
    public List<Choice> choices(int rank, int sequences, int tokens) {
        return List.of(
                choice(new Workload(rank, sequences, tokens, Activations.KEPT, false)),
                choice(new Workload(rank, sequences, tokens, Activations.KEPT, true)),
                choice(new Workload(rank, sequences, tokens, Activations.RECOMPUTED, false)),
                choice(new Workload(rank, sequences, tokens, Activations.RECOMPUTED, true)));
    }

    /// @return the first of [#choices] that fits; absent if none does
    public Optional<Choice> fastest(int rank, int sequences, int tokens, long budgetBytes) {
        return choices(rank, sequences, tokens).stream()
                .filter(choice -> choice.plan().fits(budgetBytes))
                .findFirst();
    }

    private Choice choice(Workload work) {
        return new Choice(work, MemoryPlan.of(model, storage, precision, work, place));
    }
}
