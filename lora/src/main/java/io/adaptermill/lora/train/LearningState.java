package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.lora.continual.Penalty;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.AdapterStart;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;
import java.util.Collections;
import java.util.Optional;

/// The adapter that is being trained: master weights, gradients and moments in float32, and the copy that
/// products read.
///
/// Owned by the training thread; its memory belongs to the workspaces it was made in.
final class LearningState {
    private final AdapterLayout layout;
    private final Kernels kernels;
    private final AdapterParameters weights;
    private final AdapterParameters gradients;
    private final AdamW.Moments moments;
    private final AdapterLayers layers;
    private long steps;

    /// @param parent to go on from; absent for a new adapter, drawn by the seed
    /// @param memory of everything but the moments
    /// @param momentsMemory of the moments, which are read once a step; may be the same
    LearningState(
            AdapterLayout layout,
            Optional<Adapter> parent,
            long seed,
            Kernels kernels,
            Workspace memory,
            Workspace momentsMemory) {
        this.layout = layout;
        this.kernels = kernels;
        weights = new AdapterParameters(layout, memory);
        gradients = new AdapterParameters(layout, memory);
        moments = new AdamW.Moments(
                new AdapterParameters(layout, momentsMemory), new AdapterParameters(layout, momentsMemory));
        layers = new AdapterLayers(layout, memory, kernels.precision());
        parent.ifPresentOrElse(this::load, () -> AdapterStart.draw(weights, seed));
        layers.load(kernels, weights);
    }

    AdapterLayers layers() {
        return layers;
    }

    AdapterParameters weights() {
        return weights;
    }

    AdapterParameters gradients() {
        return gradients;
    }

    /// Takes the optimizer's step and empties the gradients.
    ///
    /// @param norm of the gradients
    /// @param penalty puts back what the step must not change
    void step(AdamW optimizer, double rate, double norm, Penalty penalty) {
        steps++;
        optimizer.update(kernels, weights, gradients, moments, steps, rate, norm);
        penalty.settle(weights);
        gradients.values().clear();
        layers.load(kernels, weights);
    }

    /// @param importance of the weights to all batches so far, if it was measured
    Adapter adapter(Optional<AdapterParameters> importance) {
        OptimizerState state = new OptimizerState(
                steps,
                moments.first().modules(),
                moments.second().modules(),
                importance.map(AdapterParameters::modules).orElseGet(Collections::emptySortedMap));
        return new Adapter(layout.lora(), weights.modules(), Optional.of(state));
    }

    private void load(Adapter parent) {
        weights.load(parent.modules());
        parent.optimizer().ifPresent(state -> {
            moments.first().load(state.first());
            moments.second().load(state.second());
            steps = state.step();
        });
    }
}
