package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What training remembers beside the weights: AdamW's moments, without which an adapter would take wild
/// first steps, and how much each weight mattered to the batches so far.
///
/// @param step optimizer steps taken since the lineage began, at least 0
/// @param first first moments by module path
/// @param second second moments by module path, the same paths
/// @param importance diagonal of the Fisher information by module path, the same paths; empty if a recipe
/// never asked
public record OptimizerState(
        long step,
        SortedMap<String, LowRank> first,
        SortedMap<String, LowRank> second,
        SortedMap<String, LowRank> importance) {
    public OptimizerState {
        if (step < 0) throw new IllegalArgumentException("step must be at least 0, was " + step);
        if (!first.keySet().equals(second.keySet())) {
            throw new IllegalArgumentException("both moments must have the same modules");
        }
        if (!importance.isEmpty() && !first.keySet().equals(importance.keySet())) {
            throw new IllegalArgumentException("the importance must have the moments' modules, or none");
        }
        first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
        second = Collections.unmodifiableSortedMap(new TreeMap<>(second));
        importance = Collections.unmodifiableSortedMap(new TreeMap<>(importance));
    }

    /// With moments only.
    public OptimizerState(long step, SortedMap<String, LowRank> first, SortedMap<String, LowRank> second) {
        this(step, first, second, Collections.emptySortedMap());
    }

    public boolean isFinite() {
        return first.values().stream().allMatch(LowRank::isFinite)
                && second.values().stream().allMatch(LowRank::isFinite)
                && importance.values().stream().allMatch(LowRank::isFinite);
    }
}
