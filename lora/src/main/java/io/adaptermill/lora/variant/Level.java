package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// An adapter above the one that is trained, such as a cohort's above a tenant's: `ΔW = ΔW_level + ΔW_own`. It is held
/// beside every module and never trained; what is served is the exact concatenation of both. A level may itself be
/// such a concatenation, so levels go as deep as ranks allow.
///
/// @param adapter plain; modules that it lacks have nothing above them
public record Level(Adapter adapter) {
    public Level {
        adapter.requirePlain();
        adapter = adapter.withoutOptimizer();
    }

    /// Of what is held beside a module.
    public int rank(String path) {
        LowRank module = adapter.modules().get(path);
        return module == null ? 0 : module.rank();
    }

    /// The pair that is held beside a module, in the module's scale.
    Optional<LowRank> pair(Slot slot) {
        LowRank module = adapter.modules().get(slot.path());
        if (module == null) return Optional.empty();
        float ratio = (float) (adapter.config().scale(slot.path()) / slot.scale());
        if (ratio == 1) return Optional.of(module);
        float[] b = module.b().values().clone();
        for (int i = 0; i < b.length; i++) b[i] *= ratio;
        return Optional.of(new LowRank(module.a(), new FloatTensor(module.out(), module.rank(), b)));
    }

    /// Ranks and scales of what is served.
    ///
    /// @param trained of what is trained
    /// @param paths of the modules
    /// @throws IllegalArgumentException if that is more than an adapter may have
    public LoraConfig served(LoraConfig trained, Iterable<String> paths) {
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        for (String path : paths) {
            int rank = trained.rank(path) + rank(path);
            ranks.put(path, rank);
            alphas.put(path, trained.scale(path) * rank);
        }
        if (ranks.values().stream().distinct().count() == 1
                && alphas.values().stream().distinct().count() == 1) {
            return new LoraConfig(
                    ranks.firstEntry().getValue(), alphas.firstEntry().getValue(), trained.targets());
        }
        return new LoraConfig(trained.rank(), trained.alpha(), trained.targets(), false, ranks, alphas);
    }
}
