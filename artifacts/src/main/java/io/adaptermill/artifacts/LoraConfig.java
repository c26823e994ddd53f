package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What PEFT calls `LoraConfig`: the rank, the scale `alpha / rank`, and which linears carry an update.
///
/// @param rank at least 1 and at most 512
/// @param alpha numerator of the scale, positive
/// @param targets last segments of the module paths, such as `q_proj`; sorted
public record LoraConfig(int rank, double alpha, SortedSet<String> targets) {
    public static final int RANK_MAX = 512;

    public LoraConfig {
        if (rank < 1 || rank > RANK_MAX) {
            throw new IllegalArgumentException("rank must be in [1, " + RANK_MAX + "], was " + rank);
        }
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha must be positive and finite, was " + alpha);
        }
        if (targets.isEmpty()) throw new IllegalArgumentException("targets must name at least one linear, was empty");
        for (String target : targets) {
            if (!target.matches("[A-Za-z0-9_]{1,64}")) {
                throw new IllegalArgumentException(
                        "a target must be a plain module name such as q_proj, was " + target);
            }
        }
        targets = Collections.unmodifiableSortedSet(new TreeSet<>(targets));
    }

    /// The factor in front of `B A`.
    public double scale() {
        return alpha / rank;
    }
}
