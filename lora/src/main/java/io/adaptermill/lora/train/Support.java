package io.adaptermill.lora.train;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What of a recipe this trainer carries out; the rest is refused in words and never ignored, because a
/// tenant would take the result for what was asked.
final class Support {
    private Support() {}

    /// @return what cannot be carried out and what to do about it; empty if all can
    static Optional<String> refusal(Recipe recipe) {
        List<String> missing = new ArrayList<>();
        recipe.variant()
                .filter(variant -> rank(variant, recipe) > LoraConfig.RANK_MAX)
                .ifPresent(part -> missing.add("variant " + part + " with experts of rank " + rank(recipe) + ", for "
                        + LoraConfig.RANK_MAX + " is the most that they may have together,"));
        recipe.ranks()
                .flatMap(Ranks::allocation)
                .filter(part -> !allocates(recipe))
                .ifPresent(part ->
                        missing.add("ranks.allocation with patterns, or with a variant that decides ranks itself"));
        recipe.ranks()
                .filter(ranks -> ranks.shrink() && !turns(recipe))
                .ifPresent(part -> missing.add("ranks.fall or ranks.energy, which turn the basis of A and B, with other"
                        + " variants than lora, rslora, loraplus and eva, or with continual ewc"));
        recipe.continual()
                .flatMap(part -> misfit(part, recipe).map(why -> "continual " + part + " " + why))
                .ifPresent(missing::add);
        recipe.level()
                .filter(part -> !liesBelow(recipe))
                .ifPresent(part -> missing.add("level with " + recipe.variant().orElse(Variant.DEFAULT)
                        + ", or with ranks.allocation, fall or energy, or with continual ewc or olora"));
        recipe.privacy()
                .filter(part -> !hides(recipe))
                .ifPresent(
                        part -> missing.add("privacy with variants other than lora, rslora, loraplus and lorafa, with"
                                + " ranks.allocation, fall or energy, or with continual ewc, olora or kl, which look at examples without noise"
                                + " or at earlier weights,"));
        if (missing.isEmpty()) return Optional.empty();
        return Optional.of("this trainer does not carry out " + String.join(", ", missing)
                + " yet: take that out of the tenant's recipe, or train with a newer Adaptermill");
    }

    /// The highest of any module, of all experts together.
    private static long rank(Variant variant, Recipe recipe) {
        return (long) Methods.of(variant).experts().count() * rank(recipe);
    }

    private static int rank(Recipe recipe) {
        return recipe.ranks().orElse(Ranks.DEFAULT).patterns().stream()
                .mapToInt(Ranks.RankPattern::rank)
                .reduce(recipe.rank(), Math::max);
    }

    /// AdaLoRA and EVA allocate on their own, PiSSA and ReLoRA hold pairs of the trained rank beside it, experts share
    /// it.
    private static boolean allocates(Recipe recipe) {
        if (!recipe.ranks().orElse(Ranks.DEFAULT).patterns().isEmpty()) return false;
        return switch (recipe.variant().orElse(Variant.DEFAULT)) {
            case Variant.AdaLora _, Variant.Eva _, Variant.Pissa _, Variant.ReLora _, Variant.Mixture _ -> false;
            default -> true;
        };
    }

    /// Whether what is trained can be kept apart from the level above it.
    private static boolean liesBelow(Recipe recipe) {
        Ranks ranks = recipe.ranks().orElse(Ranks.DEFAULT);
        if (ranks.allocation().isPresent() || ranks.shrink()) return false;
        boolean keeps = switch (recipe.continual().orElse(Continual.DEFAULT)) {
            case Continual.None _, Continual.Replay _, Continual.Kl _ -> true;
            case Continual.Ewc _, Continual.Olora _ -> false;
        };
        return keeps
                && switch (recipe.variant().orElse(Variant.DEFAULT)) {
                    case Variant.Lora _, Variant.RsLora _, Variant.LoraPlus _ -> true;
                    case Variant.DyLora _, Variant.Sora _, Variant.AdaLora _ -> true;
                    default -> false;
                };
    }

    /// Other variants give each rank a meaning of its own, or keep A as it was drawn; EWC weighs each weight.
    private static boolean turns(Recipe recipe) {
        if (recipe.continual().orElse(Continual.DEFAULT) instanceof Continual.Ewc) return false;
        return switch (recipe.variant().orElse(Variant.DEFAULT)) {
            case Variant.Lora _, Variant.RsLora _, Variant.LoraPlus _, Variant.Eva _ -> true;
            default -> false;
        };
    }

    /// Whether nothing but the noisy gradients looks at the examples.
    private static boolean hides(Recipe recipe) {
        boolean plain = switch (recipe.variant().orElse(Variant.DEFAULT)) {
            case Variant.Lora _, Variant.RsLora _, Variant.LoraPlus _, Variant.LoraFa _ -> true;
            default -> false;
        };
        boolean apart = switch (recipe.continual().orElse(Continual.DEFAULT)) {
            case Continual.None _, Continual.Replay _ -> true;
            case Continual.Ewc _, Continual.Olora _, Continual.Kl _ -> false;
        };
        Ranks ranks = recipe.ranks().orElse(Ranks.DEFAULT);
        return plain && apart && ranks.allocation().isEmpty() && !ranks.shrink();
    }

    /// EWC wants one set of weights for a whole lineage, all of which a step feels. O-LoRA adds ranks to A and B as
    /// they are stored, in all modules alike.
    private static Optional<String> misfit(Continual continual, Recipe recipe) {
        Variant variant = recipe.variant().orElse(Variant.DEFAULT);
        return switch (continual) {
            case Continual.None _, Continual.Replay _, Continual.Kl _ -> Optional.empty();
            case Continual.Ewc _ ->
                switch (variant) {
                    case Variant.ReLora _, Variant.DyLora _, Variant.Mixture _ ->
                        Optional.of(
                                "with relora, which begins its weights anew, or with dylora and mixture, whose steps"
                                        + " see a part of them");
                    default -> Optional.empty();
                };
            case Continual.Olora _ ->
                switch (variant) {
                    case Variant.Lora _, Variant.RsLora _, Variant.LoraPlus _, Variant.LoraFa _
                    when recipe.ranks().isEmpty() -> Optional.empty();
                    default ->
                        Optional.of("with other variants than lora, rslora, loraplus and lorafa, or with ranks of one's"
                                + " own");
                };
        };
    }
}
