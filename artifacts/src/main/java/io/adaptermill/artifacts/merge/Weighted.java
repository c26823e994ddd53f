package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.Adapter;
import java.util.ArrayList;
import java.util.List;

/// An adapter and how much of it goes into a merge; a negative weight takes its task away.
///
/// Task arithmetic is nothing else: `Σ wᵢ ΔWᵢ`, λ for adding tasks, -λ for unlearning one (Ilharco et al.
/// 2023).
public record Weighted(Adapter adapter, double weight) {
    public Weighted {
        if (!Double.isFinite(weight)) throw new IllegalArgumentException("weight must be finite, was " + weight);
    }

    /// Every adapter with the same weight λ.
    public static List<Weighted> all(List<Adapter> adapters, double lambda) {
        List<Weighted> all = new ArrayList<>();
        for (Adapter adapter : adapters) all.add(new Weighted(adapter, lambda));
        return List.copyOf(all);
    }
}
