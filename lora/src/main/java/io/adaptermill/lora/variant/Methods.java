package io.adaptermill.lora.variant;

import io.adaptermill.lora.optim.AdapterStart;
import io.adaptermill.lora.optim.RankFall;
import io.adaptermill.lora.transformer.AdapterLayout.Experts;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.variant.Method.Pairs;
import io.adaptermill.lora.variant.Method.Scale;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.Map;
import java.util.Set;

/// The methods that a recipe may choose from, one line of differences each.
public final class Methods {
    private static final Set<Part> NONE = Set.of();
    private static final Set<Part> GATE = Set.of(Part.GATE);
    private static final Map<Part, Double> A_B = Map.of(Part.A, 1.0, Part.B, 1.0);
    private static final Map<Part, Double> A_B_GATE = Map.of(Part.A, 1.0, Part.B, 1.0, Part.GATE, 1.0);
    private static final Start ZERO = Start.of(AdapterStart::draw);
    private static final Start OPEN = Start.of(Starts::open);

    /// A and B, A drawn and B zero.
    public static final Method LORA = plain("lora", Scale.RANK, A_B);

    private Methods() {}

    /// What a recipe asks for, falling ranks included.
    public static Method of(Recipe recipe) {
        Method method = of(recipe.variant().orElse(Variant.DEFAULT));
        return recipe.ranks()
                .flatMap(Ranks::fall)
                .map(fall -> method.ruledBy(run -> new FallRule(run, new RankFall(fall, run.steps()))))
                .orElse(method);
    }

    public static Method of(Variant variant) {
        return switch (variant) {
            case Variant.Lora _ -> LORA;
            case Variant.RsLora _ -> plain("rslora", Scale.ROOT_OF_RANK, A_B);
            case Variant.LoraPlus(var ratio) -> plain("loraplus", Scale.RANK, Map.of(Part.A, 1.0, Part.B, ratio));
            case Variant.LoraFa _ -> plain("lorafa", Scale.RANK, Map.of(Part.B, 1.0));
            case Variant.DyLora(var rankMin) ->
                new Method(
                        "dylora", Scale.RANK, GATE, A_B, OPEN, Pairs.NONE, run -> new PrefixRule(run, rankMin), false);
            case Variant.Sora(var decay) ->
                new Method(
                        "sora", Scale.RANK, GATE, A_B_GATE, OPEN, Pairs.NONE, run -> new ShrinkRule(run, decay), true);
            case Variant.AdaLora ada ->
                new Method(
                        "adalora",
                        Scale.RANK,
                        GATE,
                        A_B_GATE,
                        Start.of(Starts::triplets),
                        Pairs.NONE,
                        run -> new BudgetRule(run, ada),
                        true);
            case Variant.Vera vera ->
                new Method(
                        "vera",
                        Scale.ONE,
                        Set.of(Part.GATE, Part.OUTPUT),
                        Map.of(Part.GATE, 1.0, Part.OUTPUT, 1.0),
                        Start.of((weights, seed) -> Starts.shared(weights, vera)),
                        Pairs.NONE,
                        run -> Rule.NOTHING,
                        true);
            case Variant.Pissa _ ->
                new Method(
                        "pissa",
                        Scale.RANK,
                        NONE,
                        A_B,
                        Starts::principal,
                        (inherited, before, steps) -> 1,
                        run -> Rule.NOTHING,
                        true);
            case Variant.ReLora(var every) ->
                new Method(
                        "relora",
                        Scale.RANK,
                        NONE,
                        A_B,
                        ZERO,
                        (inherited, before, steps) -> inherited + (before + steps) / every - before / every,
                        run -> new RestartRule(run, every),
                        true);
            case Variant.Dora _ ->
                new Method(
                        "dora",
                        Scale.RANK,
                        Set.of(Part.MAGNITUDE),
                        Map.of(Part.A, 1.0, Part.B, 1.0, Part.MAGNITUDE, 1.0),
                        Starts::measured,
                        Pairs.NONE,
                        run -> Rule.NOTHING,
                        true);
            case Variant.Eva _ -> plain("eva", Scale.RANK, A_B);
            case Variant.Mixture(var experts, var topK, var balance) ->
                new Method(
                        "mixture",
                        Scale.RANK,
                        Set.of(Part.ROUTER),
                        Map.of(Part.A, 1.0, Part.B, 1.0, Part.ROUTER, 1.0),
                        Start.of(Starts::routed),
                        Pairs.NONE,
                        run -> new BalanceRule(run, balance),
                        new Experts(experts, topK),
                        true);
        };
    }

    /// EVA's start, by module path.
    public static Start along(Map<String, PrincipalInputs> inputs) {
        return Start.of((weights, seed) -> Starts.along(weights, seed, inputs));
    }

    private static Method plain(String name, Scale scale, Map<Part, Double> pace) {
        return new Method(name, scale, NONE, pace, ZERO, Pairs.NONE, run -> Rule.NOTHING, false);
    }
}
