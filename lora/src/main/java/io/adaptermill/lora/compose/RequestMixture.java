package io.adaptermill.lora.compose;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.merge.Merge;
import io.adaptermill.artifacts.merge.MergeMethod;
import io.adaptermill.artifacts.merge.Weighted;
import java.util.ArrayList;
import java.util.List;

/// Mixes adapters anew for each request: weights that fit its words, then one adapter, the weighted
/// concatenation `Σ w ΔW`.
public final class RequestMixture {
    private final List<Adapter> adapters;
    private final RequestWeights weights;

    /// @param adapters in the order of the weights
    public RequestMixture(List<Adapter> adapters, RequestWeights weights) {
        this.adapters = adapters.stream().map(Adapter::withoutOptimizer).toList();
        this.weights = weights;
    }

    /// The adapter to answer a prompt with. An adapter of weight 0 takes no part, and no rank.
    public Adapter adapter(int[] tokens) {
        double[] shares = weights.of(tokens);
        if (shares.length != adapters.size()) {
            throw new IllegalArgumentException(
                    "there are " + adapters.size() + " adapters and " + shares.length + " weights");
        }
        List<Weighted> parts = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) parts.add(new Weighted(adapters.get(i), shares[i]));
        }
        return Merge.of(parts, new MergeMethod.Concatenation());
    }
}
