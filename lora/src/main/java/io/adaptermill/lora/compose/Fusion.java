package io.adaptermill.lora.compose;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.merge.Merge;
import io.adaptermill.artifacts.merge.MergeMethod;
import io.adaptermill.artifacts.merge.Weighted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Weights of trained adapters for a new task, from a handful of its examples and no gradient, as in
/// LoRAHub.
///
/// Unlike LoRAHub, which adds A's and B's apart and so mixes one adapter's A with another's B, the weighted
/// updates themselves are added.
public final class Fusion {
    private Fusion() {}

    /// @param weights of each adapter, in their order; zero for those that do not help
    /// @param adapter the fused one; absent if no adapter helps
    /// @param loss per token on the examples with it
    /// @param lossOfBase without any adapter
    public record Fused(List<Double> weights, Optional<Adapter> adapter, double loss, double lossOfBase) {
        public Fused {
            weights = List.copyOf(weights);
        }
    }

    /// @param adapters of one base, at least one
    /// @param loss of the examples under an adapter, absent for the base; nats per token, say
    public static Fused of(List<Adapter> adapters, ToDoubleFunction<Optional<Adapter>> loss, GradientFree search) {
        if (adapters.isEmpty())
            throw new IllegalArgumentException("a fusion needs at least one adapter, was given none");
        GradientFree.Found found =
                search.minimise(adapters.size(), weights -> loss.applyAsDouble(fused(adapters, weights)));
        List<Double> weights = new ArrayList<>();
        for (double weight : found.numbers()) weights.add(weight);
        return new Fused(weights, fused(adapters, found.numbers()), found.loss(), found.lossAtZero());
    }

    private static Optional<Adapter> fused(List<Adapter> adapters, double[] weights) {
        List<Weighted> parts = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != 0) parts.add(new Weighted(adapters.get(i), weights[i]));
        }
        if (parts.isEmpty()) return Optional.empty();
        return Optional.of(Merge.of(parts, new MergeMethod.Concatenation()));
    }
}
