package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.transformer.AdapterParameters;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a new adapter starts from.
@FunctionalInterface
public interface Start {
    /// @param weights all zero, to be filled
    /// @param seed of the run
    /// @param base reads the weights that are adapted
    /// @return what is held beside a module, by its path; empty for most methods
    SortedMap<String, LowRank> draw(AdapterParameters weights, long seed, BaseWeights base);

    /// A start that holds nothing.
    @FunctionalInterface
    interface Plain {
        void draw(AdapterParameters weights, long seed);
    }

    static Start of(Plain plain) {
        return (weights, seed, base) -> {
            plain.draw(weights, seed);
            return new TreeMap<>();
        };
    }
}
