package io.adaptermill.lora.continual;

import io.adaptermill.lora.transformer.AdapterParameters;

/// Nothing is held.
public record NoPenalty() implements Penalty {
    @Override
    public double pull(AdapterParameters weights, AdapterParameters gradients) {
        return 0;
    }

    @Override
    public void settle(AdapterParameters weights) {
        // every weight may go where it likes
    }
}
