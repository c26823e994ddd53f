package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.continual.GrownAdapter;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.variant.Method;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.Optional;

/// What a batch goes on from: its parent as it is, or the parent with fresh ranks where past ones are frozen.
final class Continuation {
    /// Served as one adapter, whose rank has this limit.
    private static final int RANK_MAX = LoraConfig.RANK_MAX;

    private Continuation() {}

    /// @param wanted the recipe's own configuration
    /// @return why the parent cannot be gone on from; empty if it can
    static Optional<String> misfit(Adapter parent, Method method, LoraConfig wanted, Recipe recipe) {
        if (!grows(recipe)) return method.misfit(parent, trained(parent, wanted, recipe));
        boolean alike = parent.config().targets().equals(wanted.targets())
                && Math.abs(parent.config().scale() / wanted.scale() - 1) < 1e-9;
        if (!alike) {
            return Optional.of("the recipe asks for " + wanted + ", the parent has " + parent.config()
                    + ": keep targets and alpha / rank along a lineage that grows, or start a new one");
        }
        if (parent.config().rank() + wanted.rank() <= RANK_MAX) return Optional.empty();
        return Optional.of("the parent has rank " + parent.config().rank() + ", and " + wanted.rank()
                + " more would exceed " + RANK_MAX + ": ask for fewer ranks, or start a new lineage");
    }

    /// @return why a level cannot lie above what is trained; empty if it can
    static Optional<String> misfit(Adapter level, LoraConfig wanted, ModelConfig model) {
        try {
            model.requireFits(level);
            level.requirePlain();
        } catch (IllegalArgumentException e) {
            return Optional.of("the recipe's level cannot lie above an adapter of this base: " + e.getMessage());
        }
        int highest = level.modules().keySet().stream()
                .mapToInt(path -> level.config().rank(path) + wanted.rank(path))
                .max()
                .orElse(0);
        if (highest <= RANK_MAX) return Optional.empty();
        return Optional.of("with its level the adapter would have rank " + highest + ", more than " + RANK_MAX
                + ": compress the level, or ask for a lower rank");
    }

    /// @param parent that fits
    static Adapter start(Adapter parent, Recipe recipe, long seed) {
        return grows(recipe) ? GrownAdapter.of(parent, recipe.rank(), seed) : parent;
    }

    /// Ranks of what a run trains that goes on from an adapter: the recipe's, or all that a grown parent has, or
    /// those that the lineage's earlier batches earned.
    static LoraConfig trained(Adapter start, LoraConfig wanted, Recipe recipe) {
        LoraConfig known = start.config();
        if (grows(recipe)) return known;
        if (!measuresRanks(recipe)) return wanted;
        return new LoraConfig(
                wanted.rank(),
                wanted.alpha(),
                wanted.targets(),
                wanted.rankStabilised(),
                known.ranks(),
                known.alphas());
    }

    /// Whether ranks are not what the recipe says once a lineage has begun.
    private static boolean measuresRanks(Recipe recipe) {
        return recipe.variant().orElse(Variant.DEFAULT) instanceof Variant.Eva
                || recipe.ranks()
                        .filter(ranks -> ranks.allocation().isPresent() || ranks.shrink())
                        .isPresent();
    }

    private static boolean grows(Recipe recipe) {
        return recipe.continual().orElse(Continual.DEFAULT) instanceof Continual.Olora;
    }
}
