package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One tenant's low-rank update of the shared base model.
///
/// @param config ranks, scales and targets; every module has the rank that this says
/// @param modules by module path without any prefix, such as `model.layers.0.self_attn.q_proj`; sorted
/// @param optimizer moments to go on training from, with exactly the modules' paths and shapes unless they have a form
/// of their own
public record Adapter(LoraConfig config, SortedMap<String, LowRank> modules, Optional<OptimizerState> optimizer) {
    public Adapter {
        modules = Collections.unmodifiableSortedMap(new TreeMap<>(modules));
        if (modules.isEmpty())
            throw new IllegalArgumentException("an adapter must update at least one module, was empty");
        modules.forEach((path, module) -> requireFits(config, path, module));
        SortedMap<String, LowRank> checked = modules;
        optimizer.filter(state -> state.form().isEmpty()).ifPresent(state -> {
            requireSameShapes(checked, state.first());
            requireSameShapes(checked, state.second());
            if (!state.importance().isEmpty()) requireSameShapes(checked, state.importance());
        });
    }

    /// Trained values, both factors of every module.
    public long parameters() {
        return modules.values().stream()
                .mapToLong(module -> (long) module.rank() * (module.in() + module.out()))
                .sum();
    }

    /// Whether every weight is a finite number; one that is not must never reach a store or an engine.
    public boolean isFinite() {
        return modules.values().stream().allMatch(LowRank::isFinite);
    }

    public Adapter withoutOptimizer() {
        return new Adapter(config, modules, Optional.empty());
    }

    private static void requireFits(LoraConfig config, String path, LowRank module) {
        int rank = config.rank(path);
        if (module.rank() != rank) {
            throw new IllegalArgumentException(
                    "every module must have rank " + rank + ", " + path + " has " + module.rank());
        }
        String target = path.substring(path.lastIndexOf('.') + 1);
        if (!config.targets().contains(target)) {
            throw new IllegalArgumentException("targets " + config.targets() + " must contain the module " + path);
        }
    }

    private static void requireSameShapes(SortedMap<String, LowRank> modules, SortedMap<String, LowRank> moments) {
        if (!modules.keySet().equals(moments.keySet())) {
            throw new IllegalArgumentException("the optimizer's moments must have exactly the adapter's modules");
        }
        moments.forEach((path, moment) -> {
            LowRank module = modules.get(path);
            if (module == null || !moment.hasShapeOf(module)) {
                throw new IllegalArgumentException("the optimizer's moments must have the shape of module " + path);
            }
        });
    }
}
