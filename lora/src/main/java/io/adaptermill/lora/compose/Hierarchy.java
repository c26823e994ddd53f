package io.adaptermill.lora.compose;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.merge.Merge;
import io.adaptermill.artifacts.merge.MergeMethod;
import io.adaptermill.artifacts.merge.Weighted;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.merge.MergedBase;
import io.adaptermill.lora.merge.MergedStorage;
import java.util.ArrayList;
import java.util.List;

/// Levels of adapters, from what all tenants share to what one alone has: `ΔW = ΔW_global + ΔW_cohort +
/// ΔW_tenant`.
///
/// A level is trained on [#trainingBase]: the base with all levels above it in its weights, frozen, so that
/// the level learns only what they do not know. It is served as [#served]: one adapter over the bare base,
/// the exact concatenation of all levels. Both compute the same function; a test holds them to it.
///
/// @param levels from the most general to the most special; none may be missing in between
public record Hierarchy(List<Adapter> levels) {
    public Hierarchy {
        levels = List.copyOf(levels);
    }

    /// No level yet: the first to be trained is the global one.
    public static Hierarchy bare() {
        return new Hierarchy(List.of());
    }

    /// With one more special level below.
    public Hierarchy with(Adapter level) {
        List<Adapter> more = new ArrayList<>(levels);
        more.add(level.withoutOptimizer());
        return new Hierarchy(more);
    }

    /// One adapter of the sum of the levels' ranks.
    ///
    /// @throws IllegalArgumentException if there is no level, or the sum of ranks is larger than an
    ///   adapter's may be
    public Adapter served() {
        return Merge.of(Weighted.all(levels, 1), new MergeMethod.Concatenation());
    }

    /// What the next level is trained on. Weights that a level updates are kept as float32 there, so
    /// training below a level takes more memory than serving it. Closing the result leaves `base` as it is;
    /// close it before `base`.
    public BaseModel trainingBase(BaseModel base) {
        if (levels.isEmpty()) throw new IllegalArgumentException("without a level, train on the base itself");
        return base.with(
                MergedBase.of(base.checkpoint(), served(), MergedStorage.DENSE).checkpoint());
    }
}
