package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.continual.ElasticWeights;
import io.adaptermill.lora.continual.NoPenalty;
import io.adaptermill.lora.continual.OrthogonalRanks;
import io.adaptermill.lora.continual.Penalty;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Anchor;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.schemas.policy.Continual;
import java.util.Optional;

/// What holds a run to what its lineage learnt before, in the form the steps use.
///
/// @param penalty on the weights
/// @param anchor on the answers; its weight is for a whole step, to be shared by the step's labels
/// @param pastImportance of the parent's weights, all zero if it was never measured; absent if this run need
/// not     measure its own
record Holding(Penalty penalty, Optional<Anchor> anchor, Optional<AdapterParameters> pastImportance) {
    /// @param parent of the batch, absent for the bare base
    /// @param state before the first step
    static Holding of(
            Continual continual,
            Optional<Adapter> parent,
            LearningState state,
            FrozenDecoder base,
            Kernels kernels,
            Workspace memory) {
        return switch (continual) {
            case Continual.None _, Continual.Replay _ -> held(new NoPenalty());
            case Continual.Olora(var strength) ->
                held(
                        parent.isEmpty()
                                ? new NoPenalty()
                                : new OrthogonalRanks(
                                        state.copy(memory),
                                        parent.orElseThrow().config().rank(),
                                        strength));
            case Continual.Kl(var weight) -> {
                Optional<AdapterLayers> layers =
                        parent.map(adapter -> AdapterLayers.of(adapter, base, kernels, memory));
                yield new Holding(new NoPenalty(), Optional.of(new Anchor(layers, weight)), Optional.empty());
            }
            case Continual.Ewc(var strength) -> {
                AdapterParameters importance = state.importance(parent, memory);
                Penalty penalty = parent.isEmpty()
                        ? new NoPenalty()
                        : new ElasticWeights(state.copy(memory), importance, strength);
                yield new Holding(penalty, Optional.empty(), Optional.of(importance));
            }
        };
    }

    /// The anchor for a step with so many labels.
    Optional<Anchor> anchor(long labels) {
        return anchor.map(whole -> new Anchor(whole.adapter(), whole.weight() / labels));
    }

    private static Holding held(Penalty penalty) {
        return new Holding(penalty, Optional.empty(), Optional.empty());
    }
}
