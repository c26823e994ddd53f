package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.AdapterStart;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;
import java.util.Optional;

/// The adapter that is being trained: master weights, gradients and moments in float32, and the copy that
/// products read.
///
/// Owned by the training thread; its memory belongs to the workspace it was made in.
final class LearningState {
    private final AdapterLayout layout;
    private final Kernels kernels;
    private final AdapterParameters weights;
    private final AdapterParameters gradients;
    private final AdamW.Moments moments;
    private final AdapterLayers layers;
    private long steps;

    /// @param parent to go on from; absent for a new adapter, drawn by the seed
    LearningState(AdapterLayout layout, Optional<Adapter> parent, long seed, Kernels kernels, Workspace memory) {
        this.layout = layout;
        this.kernels = kernels;
        weights = new AdapterParameters(layout, memory);
        gradients = new AdapterParameters(layout, memory);
        moments = new AdamW.Moments(new AdapterParameters(layout, memory), new AdapterParameters(layout, memory));
        layers = new AdapterLayers(layout, memory, kernels.precision());
        parent.ifPresentOrElse(this::load, () -> AdapterStart.draw(weights, seed));
        layers.load(kernels, weights);
    }

    AdapterLayers layers() {
        return layers;
    }

    AdapterParameters gradients() {
        return gradients;
    }

    /// Takes the optimizer's step and empties the gradients.
    ///
    /// @param norm of the gradients
    void step(AdamW optimizer, double rate, double norm) {
        steps++;
        optimizer.update(kernels, weights, gradients, moments, steps, rate, norm);
        gradients.values().clear();
        layers.load(kernels, weights);
    }

    Adapter adapter() {
        OptimizerState state = new OptimizerState(
                steps, moments.first().modules(), moments.second().modules());
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
