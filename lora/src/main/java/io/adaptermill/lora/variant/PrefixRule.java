package io.adaptermill.lora.variant;

import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;

/// DyLoRA: every step sees a prefix of the ranks, drawn for it. What the prefix leaves out is gated to 0, so it gets
/// no gradient. Source: Valipour et al. 2022.
final class PrefixRule implements Rule {
    private final AdapterParameters weights;
    private final long seed;
    private final int rankMin;

    PrefixRule(Run run, int rankMin) {
        this.weights = run.weights();
        this.seed = run.seed();
        this.rankMin = rankMin;
    }

    @Override
    public void prepare(long step) {
        int rankMax = weights.layout().lora().rank();
        long drawn = new CounterRandom(seed, "prefix").bits(step);
        int prefix = rankMin + (int) Long.remainderUnsigned(drawn, rankMax - rankMin + 1L);
        for (Slot slot : weights.layout().slots()) {
            for (int c = 0; c < slot.rank(); c++) weights.values().set(slot.gate() + c, c < prefix ? 1 : 0);
        }
    }

    @Override
    public void finish() {
        Starts.fill(weights, Part.GATE, 1);
    }
}
