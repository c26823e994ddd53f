package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterLayout.Experts;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// One low-rank method: everything in which it differs from another.
///
/// @param name as a recipe spells it
/// @param scale of the update
/// @param parts that `s · b ⊙ B(g ⊙ (A x))` has beside A and B
/// @param pace learning rate of each part that trains, over the recipe's; a part that is not here is frozen
/// @param start what a new adapter begins with
/// @param pairs of the adapter's own rank that may be held beside it, see [Held]
/// @param rule what happens around a step
/// @param experts that share the rank, each of the recipe's
/// @param form whether what is trained differs from what is served, so that the checkpoint keeps both
public record Method(
        String name,
        Scale scale,
        Set<Part> parts,
        Map<Part, Double> pace,
        Start start,
        Pairs pairs,
        Rule.Maker rule,
        Experts experts,
        boolean form) {

    /// A method without experts.
    public Method(
            String name,
            Scale scale,
            Set<Part> parts,
            Map<Part, Double> pace,
            Start start,
            Pairs pairs,
            Rule.Maker rule,
            boolean form) {
        this(name, scale, parts, pace, start, pairs, rule, Experts.ONE, form);
    }

    /// The factor before the update.
    public enum Scale {
        /// alpha / rank.
        RANK,
        /// alpha / √rank.
        ROOT_OF_RANK,
        /// 1, whatever alpha.
        ONE
    }

    /// How many pairs are held once a run is over.
    @FunctionalInterface
    public interface Pairs {
        Pairs NONE = (inherited, stepsBefore, steps) -> 0;

        /// @param inherited from the parent; 0 for a new adapter
        long after(int inherited, long stepsBefore, int steps);
    }

    /// Whether ranks with a learnt gate that is shut leave what is served.
    boolean drops() {
        return pace.keySet().containsAll(Set.of(Part.A, Part.B, Part.GATE));
    }

    /// The same with another start.
    public Method startingAt(Start other) {
        return new Method(name, scale, parts, pace, other, pairs, rule, experts, form);
    }

    /// The same with another rule.
    public Method ruledBy(Rule.Maker other) {
        return new Method(name, scale, parts, pace, start, pairs, other, experts, form);
    }

    /// Ranks and scales of what is trained.
    ///
    /// @param plain what the recipe says for plain LoRA
    public LoraConfig config(LoraConfig plain) {
        return served(scaled(plain), experts.count() - 1);
    }

    private LoraConfig scaled(LoraConfig plain) {
        return switch (scale) {
            case RANK -> plain;
            case ROOT_OF_RANK ->
                new LoraConfig(plain.rank(), plain.alpha(), plain.targets(), true, plain.ranks(), plain.alphas());
            case ONE -> {
                SequencedMap<String, Double> alphas = new LinkedHashMap<>();
                plain.ranks().forEach((path, rank) -> alphas.put(path, (double) rank));
                yield new LoraConfig(plain.rank(), plain.rank(), plain.targets(), false, plain.ranks(), alphas);
            }
        };
    }

    /// @param trained ranks of what is trained
    /// @param pairs that may be held beside each module
    /// @param level that is held beside them
    public AdapterLayout layout(ModelConfig model, LoraConfig trained, long pairs, Optional<Level> level) {
        return new AdapterLayout(
                model,
                trained,
                parts,
                experts,
                slot -> Math.toIntExact(pairs * slot.rank())
                        + level.map(above -> above.rank(slot.path())).orElse(0));
    }

    /// Ranks and scales of what is served: the trained pair and those that are held, concatenated.
    ///
    /// @throws IllegalArgumentException if that is more than an adapter may have
    public static LoraConfig served(LoraConfig trained, long pairs) {
        if (pairs == 0) return trained;
        int times = Math.toIntExact(pairs + 1);
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        trained.ranks().forEach((path, rank) -> ranks.put(path, rank * times));
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        trained.alphas().forEach((path, alpha) -> alphas.put(path, alpha * times));
        return new LoraConfig(
                trained.rank() * times,
                trained.alpha() * times,
                trained.targets(),
                trained.rankStabilised(),
                ranks,
                alphas);
    }

    /// Pairs that an adapter of this method holds.
    public static int pairs(Adapter adapter, LoraConfig trained) {
        return adapter.config().rank() / trained.rank() - 1;
    }

    /// Pairs that are held once a run is over.
    public long pairsAfter(Optional<Adapter> parent, LoraConfig trained, int steps) {
        int inherited = parent.map(adapter -> pairs(adapter, trained)).orElse(0);
        long before =
                parent.flatMap(Adapter::optimizer).map(OptimizerState::step).orElse(0L);
        return pairs.after(inherited, before, steps);
    }

    /// Why what a run would end with has a higher rank than an adapter may have; empty if it has not.
    public Optional<String> tooHigh(Optional<Adapter> parent, LoraConfig trained, int steps) {
        int own = Math.max(
                trained.rank(),
                trained.ranks().values().stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0));
        long rank = own * (pairsAfter(parent, trained, steps) + 1);
        if (rank <= LoraConfig.RANK_MAX) return Optional.empty();
        return Optional.of(name + " would end with rank " + rank + ", more than " + LoraConfig.RANK_MAX
                + ": ask for a lower rank or rarer restarts, or start a new lineage");
    }

    /// Why training cannot go on from an adapter; empty if it can.
    public Optional<String> misfit(Adapter parent, LoraConfig trained) {
        Optional<String> kept = parent.optimizer().flatMap(OptimizerState::form).map(OptimizerState.Form::variant);
        if (TrainingForm.isOf(this, parent, trained)) return Optional.empty();
        boolean fits = parent.config().rank() >= trained.rank()
                && Experts.of(parent).equals(experts)
                && parent.config().equals(served(trained, pairs(parent, trained)))
                && kept.equals(form ? Optional.of(name) : Optional.empty());
        if (fits) return Optional.empty();
        return Optional.of("the recipe asks for " + name + " with " + trained
                + (experts.choose() ? " and " + experts : "") + ", the parent has "
                + kept.map(variant -> variant + " with ").orElse("") + parent.config()
                + parent.routing().map(known -> " and " + Experts.of(parent)).orElse("")
                + ": keep variant, rank and alpha along a lineage, or start a new one");
    }
}
