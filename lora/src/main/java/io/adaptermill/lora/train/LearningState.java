package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.lora.continual.Penalty;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.Stretch;
import io.adaptermill.lora.privacy.PrivateGradient;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.variant.BaseWeights;
import io.adaptermill.lora.variant.Held;
import io.adaptermill.lora.variant.Level;
import io.adaptermill.lora.variant.Method;
import io.adaptermill.lora.variant.Rule;
import io.adaptermill.lora.variant.TrainingForm;
import java.util.List;
import java.util.Optional;

/// The adapter that is being trained: master weights, gradients and moments in float32, and the copy that
/// products read.
///
/// Owned by the training thread; its memory belongs to the workspace it was made in.
final class LearningState {
    private final Method method;
    private final AdapterLayout layout;
    private final Kernels kernels;
    private final AdapterParameters weights;
    private final AdapterParameters gradients;
    private final AdamW.Moments moments;
    private final List<Stretch> stretches;
    private final AdapterLayers layers;
    private final Held held;
    private final Rule rule;
    private final long pairs;
    private final Optional<Level> level;
    private long steps;

    /// @param lora ranks and scales of what is trained
    /// @param level above it, held beside it
    /// @param parent to go on from; absent for a new adapter, drawn by the seed
    /// @param stepsPlanned of the run
    /// @param momentsMemory for the moments alone, which may be too many for memory
    LearningState(
            Method method,
            LoraConfig lora,
            Optional<Level> level,
            Optional<Adapter> parent,
            long seed,
            int stepsPlanned,
            FrozenDecoder base,
            Kernels kernels,
            Workspace memory,
            Workspace momentsMemory) {
        this.method = method;
        this.kernels = kernels;
        this.level = level;
        steps = parent.flatMap(Adapter::optimizer).map(OptimizerState::step).orElse(0L);
        pairs = method.pairsAfter(parent, lora, stepsPlanned);
        layout = method.layout(base.config(), lora, pairs, level);
        weights = new AdapterParameters(layout, memory);
        gradients = new AdapterParameters(layout, memory);
        moments = new AdamW.Moments(
                new AdapterParameters(layout, momentsMemory), new AdapterParameters(layout, momentsMemory));
        stretches = Stretch.of(layout, method.pace());
        layers = new AdapterLayers(layout, memory, kernels.precision());
        held = new Held(layers, kernels);
        TrainingForm form = new TrainingForm(method, level, weights, moments, held);
        parent.ifPresentOrElse(
                adapter -> form.load(adapter, seed, new BaseWeights(base, kernels)),
                () -> form.start(seed, new BaseWeights(base, kernels)));
        rule = method.rule().of(new Rule.Run(weights, gradients, moments, layers, held, seed, steps, stepsPlanned));
        rule.prepare(steps + 1);
        layers.load(kernels, weights);
    }

    AdapterLayout layout() {
        return layout;
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

    /// What is trained as it is now, copied.
    AdapterParameters copy(Workspace memory) {
        AdapterParameters copy = new AdapterParameters(layout, memory);
        copy.values().memory().copyFrom(weights.values().memory());
        return copy;
    }

    /// The importance that a parent keeps of what is trained, all zero if it was never measured.
    AdapterParameters importance(Optional<Adapter> parent, Workspace memory) {
        AdapterParameters sums = new AdapterParameters(layout, memory);
        parent.ifPresent(adapter -> form().loadImportance(adapter, sums));
        return sums;
    }

    private TrainingForm form() {
        return new TrainingForm(method, level, weights, moments, held);
    }

    /// Before the passes of a step.
    ///
    /// @param tokens that they will read together
    void begin(long tokens) {
        rule.begin(tokens);
    }

    /// Adds one example's gradient, clipped, and empties it.
    void contribute(PrivateGradient sum, AdamW optimizer) {
        AdamW.clearFrozen(gradients, stretches);
        sum.add(gradients, optimizer.norm(kernels, gradients));
    }

    /// Makes the noisy mean of what was contributed the step's gradient.
    void release(PrivateGradient sum, int step) {
        sum.release(kernels, gradients, stretches, step);
    }

    /// When all of a step's gradients are there: adds the method's own, takes away those of what is frozen.
    void regularise() {
        rule.regularise();
        AdamW.clearFrozen(gradients, stretches);
    }

    /// Takes the optimizer's step and empties the gradients.
    ///
    /// @param norm of the gradients
    /// @param penalty puts back what the step must not change
    void step(AdamW optimizer, double rate, double norm, Penalty penalty) {
        steps++;
        optimizer.update(kernels, weights, gradients, moments, stretches, rule.age(steps), rate, norm);
        penalty.settle(weights);
        rule.after(new Rule.Step(steps, rate, optimizer.clip(norm)));
        gradients.values().clear();
        rule.prepare(steps + 1);
        layers.load(kernels, weights);
    }

    /// What is served, and what training goes on from.
    ///
    /// @param importance of the weights to all batches so far, if it was measured
    Adapter adapter(Optional<AdapterParameters> importance) {
        rule.finish();
        LoraConfig own = Method.served(layout.lora(), pairs);
        LoraConfig served = level.map(above -> above.served(
                        own, layout.slots().stream().map(Slot::path).toList()))
                .orElse(own);
        return form().adapter(served, steps, importance);
    }
}
