package io.adaptermill.lora.train;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.optim.RankBudget;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Ranks and alphas that a recipe gives to all seven linears of every block.
final class PlainConfig {
    private PlainConfig() {}

    static LoraConfig of(Recipe recipe) {
        TreeSet<String> targets = new TreeSet<>();
        Stream.of(Linear.values()).map(Linear::target).forEach(targets::add);
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        for (Ranks.RankPattern pattern : recipe.ranks().orElse(Ranks.DEFAULT).patterns()) {
            for (String end : pattern.modules().split("\\|")) {
                ranks.putIfAbsent(end, pattern.rank());
                alphas.putIfAbsent(end, pattern.alpha());
            }
        }
        return new LoraConfig(recipe.rank(), recipe.alpha(), targets, false, ranks, alphas);
    }

    /// The same with ranks by importance, alpha / rank as the recipe has it.
    ///
    /// @param importance by module path
    static LoraConfig allocated(Recipe recipe, ModelConfig model, SequencedMap<String, Double> importance) {
        return of(recipe)
                .withRanks(RankBudget.ranks(
                        importance, limits(model), budget(recipe).orElseThrow()));
    }

    /// Every module's rank, by its path.
    static SequencedMap<String, Integer> ranks(LoraConfig config, ModelConfig model) {
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        limits(model).keySet().forEach(path -> ranks.put(path, config.rank(path)));
        return ranks;
    }

    /// So many times the ranks, as far as that is of use.
    static SequencedMap<String, Integer> raised(SequencedMap<String, Integer> ranks, double factor, ModelConfig model) {
        SequencedMap<String, Integer> raised = new LinkedHashMap<>();
        limits(model).forEach((path, limit) -> {
            int rank = ranks.getOrDefault(path, 1);
            raised.put(path, Math.max(rank, Math.min(limit, (int) Math.round(rank * factor))));
        });
        return raised;
    }

    /// Why the recipe's budget cannot be kept on this base model; empty if it can, or if there is none.
    static Optional<String> budgetRefusal(Recipe recipe, ModelConfig model) {
        return budget(recipe).flatMap(budget -> RankBudget.refusal(limits(model), budget));
    }

    private static Optional<Integer> budget(Recipe recipe) {
        return recipe.ranks().flatMap(Ranks::allocation).map(Ranks.Allocation::budget);
    }

    /// No update of a matrix needs a higher rank than its shorter side.
    private static SequencedMap<String, Integer> limits(ModelConfig model) {
        SequencedMap<String, Integer> limits = new LinkedHashMap<>();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (Linear linear : Linear.values()) {
                int most = Math.min(linear.in(model), linear.out(model));
                limits.put(linear.path(layer), Math.min(LoraConfig.RANK_MAX, most));
            }
        }
        return limits;
    }
}
