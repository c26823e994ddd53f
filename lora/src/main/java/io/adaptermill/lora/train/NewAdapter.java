package io.adaptermill.lora.train;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.optim.VarianceRanks;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.variant.Method;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.lora.variant.PrincipalInputs;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// How a lineage begins: with the recipe's method and ranks, or with what its first batch shows.
///
/// @param lora ranks and scales of what is trained
record NewAdapter(Method method, LoraConfig lora) {
    /// @param wanted the recipe's own configuration
    static NewAdapter of(
            Method method,
            LoraConfig wanted,
            List<Lesson> lessons,
            Recipe recipe,
            Passes passes,
            FrozenDecoder base,
            Kernels kernels) {
        if (recipe.variant().orElse(Variant.DEFAULT) instanceof Variant.Eva(var factor)) {
            SequencedMap<String, Integer> ranks = PlainConfig.ranks(wanted, base.config());
            SequencedMap<String, Integer> counts = PlainConfig.raised(ranks, factor, base.config());
            SequencedMap<String, PrincipalInputs> inputs =
                    new InputVariance(passes, base, kernels).of(lessons, wanted, counts);
            SequencedMap<String, double[]> shares = new LinkedHashMap<>();
            inputs.forEach((path, principal) -> shares.put(path, principal.shares()));
            return new NewAdapter(
                    method.startingAt(Methods.along(inputs)), wanted.withRanks(VarianceRanks.of(shares, ranks)));
        }
        if (recipe.ranks().flatMap(Ranks::allocation).isEmpty()) return new NewAdapter(method, wanted);
        Ranks.Importance kind =
                recipe.ranks().flatMap(Ranks::allocation).orElseThrow().method();
        var importance = new ModuleImportance(passes, base, kernels, kind).of(lessons, wanted);
        return new NewAdapter(method, method.config(PlainConfig.allocated(recipe, base.config(), importance)));
    }
}
