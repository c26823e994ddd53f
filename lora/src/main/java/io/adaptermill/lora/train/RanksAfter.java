package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.merge.Truncation;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// What of a trained adapter's ranks is kept: all, those that a fall has left, those that hold the energy.
final class RanksAfter {
    private RanksAfter() {}

    /// @param adapter finite
    static Adapter of(Adapter adapter, Recipe recipe) {
        Ranks ranks = recipe.ranks().orElse(Ranks.DEFAULT);
        Adapter fallen = ranks.fall().map(fall -> fallen(adapter, fall)).orElse(adapter);
        Optional<Ranks.Energy> energy = ranks.energy();
        return energy.isPresent() ? Truncation.byEnergy(fallen, energy.get().share()) : fallen;
    }

    /// The rule has put what is kept first, and zeros after it.
    private static Adapter fallen(Adapter adapter, Ranks.Fall policy) {
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        adapter.modules().forEach((path, module) -> ranks.put(path, Math.min(module.rank(), policy.targetRank())));
        return Truncation.leading(adapter, ranks);
    }
}
