package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// AdamW's memory, part of a checkpoint: an adapter that goes on with cold moments would take wild first steps.
///
/// @param step optimizer steps taken since the lineage began, at least 0
/// @param first first moments by module path
/// @param second second moments by module path, the same paths
public record OptimizerState(long step, SortedMap<String, LowRank> first, SortedMap<String, LowRank> second) {
    public OptimizerState {
        if (step < 0) throw new IllegalArgumentException("step must be at least 0, was " + step);
        if (!first.keySet().equals(second.keySet())) {
            throw new IllegalArgumentException("both moments must have the same modules");
        }
        first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
        second = Collections.unmodifiableSortedMap(new TreeMap<>(second));
    }

    public boolean isFinite() {
        return first.values().stream().allMatch(LowRank::isFinite)
                && second.values().stream().allMatch(LowRank::isFinite);
    }
}
