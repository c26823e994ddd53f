package io.adaptermill.lora.variant;

import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterParameters;

/// What a method does around the optimizer's steps of one run, beyond taking them. May keep state; used by one
/// thread.
public interface Rule {
    /// A method that only takes steps.
    Rule NOTHING = new Rule() {};

    /// Before the forward of a step.
    ///
    /// @param step counted from 1 since the lineage began
    default void prepare(long step) {}

    /// Before the passes of a step.
    ///
    /// @param tokens that they will read together
    default void begin(long tokens) {}

    /// When a step's gradients are complete: adds those of the method's own penalties.
    default void regularise() {}

    /// After the optimizer took the step, while its gradients are still there.
    default void after(Step step) {}

    /// How many steps the moments know, this one included; Adam corrects its first ones for having begun at 0.
    default long age(long step) {
        return step;
    }

    /// After the run's last step, before the adapter is taken.
    default void finish() {}

    /// @param number counted from 1 since the lineage began
    /// @param rate learning rate it was taken with
    /// @param clip factor that its gradients were scaled by
    record Step(long number, double rate, double clip) {}

    /// What a rule may read and change.
    ///
    /// @param stepsBefore the run, since the lineage began
    /// @param steps of the run
    record Run(
            AdapterParameters weights,
            AdapterParameters gradients,
            AdamW.Moments moments,
            AdapterLayers layers,
            Held held,
            long seed,
            long stepsBefore,
            int steps) {}

    /// Makes the rule of one run.
    @FunctionalInterface
    interface Maker {
        Rule of(Run run);
    }
}
