package io.adaptermill.lora.variant;

import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;

/// SoRA: after each step every gate moves towards 0 by learning rate times λ, and stays there once it arrives: the
/// soft threshold, which is the proximal step of λ‖g‖₁. Source: Ding et al. 2023, eq. 7.
final class ShrinkRule implements Rule {
    private final AdapterParameters weights;
    private final double decay;

    ShrinkRule(Run run, double decay) {
        this.weights = run.weights();
        this.decay = decay;
    }

    @Override
    public void after(Step step) {
        float threshold = (float) (step.rate() * decay);
        for (Slot slot : weights.layout().slots()) {
            for (int c = 0; c < slot.rank(); c++) {
                float gate = weights.values().get(slot.gate() + c);
                float left = Math.max(0, Math.abs(gate) - threshold);
                weights.values().set(slot.gate() + c, left == 0 ? 0 : Math.copySign(left, gate));
            }
        }
    }
}
