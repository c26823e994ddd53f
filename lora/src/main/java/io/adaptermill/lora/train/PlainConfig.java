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
        LoraConfig plain = of(recipe);
        SequencedMap<String, Integer> ranks =
                RankBudget.ranks(importance, limits(model), budget(recipe).orElseThrow());
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        ranks.forEach((path, rank) -> alphas.put(path, plain.alpha() * rank / plain.rank()));
        return new LoraConfig(plain.rank(), plain.alpha(), plain.targets(), false, ranks, alphas);
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
