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
/// @param magnitudes m of `m ⊙ (W + s B A) / ‖W + s B A‖` by module path, `[out, 1]` (DoRA); empty where rows keep the
///     length that they have
/// @param routing of a mixture of experts; absent where all of an update counts for every token
public record Adapter(
        LoraConfig config,
        SortedMap<String, LowRank> modules,
        Optional<OptimizerState> optimizer,
        SortedMap<String, FloatTensor> magnitudes,
        Optional<Routing> routing) {
    public Adapter {
        modules = Collections.unmodifiableSortedMap(new TreeMap<>(modules));
        if (modules.isEmpty())
            throw new IllegalArgumentException("an adapter must update at least one module, was empty");
        modules.forEach((path, module) -> requireFits(config, path, module));
        SortedMap<String, LowRank> checked = modules;
        magnitudes = Collections.unmodifiableSortedMap(new TreeMap<>(magnitudes));
        requireMagnitudes(checked, magnitudes);
        routing.ifPresent(chosen -> chosen.requireFits(checked));
        optimizer.filter(state -> state.form().isEmpty()).ifPresent(state -> {
            requireSameShapes(checked, state.first());
            requireSameShapes(checked, state.second());
            if (!state.importance().isEmpty()) requireSameShapes(checked, state.importance());
        });
    }

    /// A plain update of each module.
    public Adapter(LoraConfig config, SortedMap<String, LowRank> modules, Optional<OptimizerState> optimizer) {
        this(config, modules, optimizer, Collections.emptySortedMap(), Optional.empty());
    }

    /// Trained values: both factors of every module, its magnitudes and its router.
    public long parameters() {
        return modules.values().stream()
                        .mapToLong(module -> (long) module.rank() * (module.in() + module.out()))
                        .sum()
                + magnitudes.values().stream().mapToLong(FloatTensor::rows).sum()
                + routing.stream()
                        .flatMap(chosen -> chosen.routers().values().stream())
                        .mapToLong(router -> router.values().length)
                        .sum();
    }

    /// Whether every weight is a finite number; one that is not must never reach a store or an engine.
    public boolean isFinite() {
        return modules.values().stream().allMatch(LowRank::isFinite)
                && magnitudes.values().stream().allMatch(FloatTensor::isFinite)
                && routing.stream().allMatch(Routing::isFinite);
    }

    /// For whoever can only add low-rank updates to the base.
    ///
    /// @throws IllegalArgumentException if rows of the base are scaled too, or tokens choose among experts
    public void requirePlain() {
        requireUnrouted();
        if (magnitudes.isEmpty()) return;
        throw new IllegalArgumentException("the adapter has magnitudes (DoRA), which scale the base's own rows, and no"
                + " low-rank update can say that; serve it as it is, merge it into the base, or train another variant");
    }

    /// For whoever applies the same update to every token, as PEFT and all other servers do.
    ///
    /// @throws IllegalArgumentException if tokens choose among experts
    public void requireUnrouted() {
        if (routing.isEmpty()) return;
        throw new IllegalArgumentException("the adapter is a mixture, whose update differs from token to token, and no"
                + " one pair of factors can say that; serve it here as it is, or train another variant");
    }

    public Adapter withOptimizer(OptimizerState state) {
        return new Adapter(config, modules, Optional.of(state), magnitudes, routing);
    }

    public Adapter withoutOptimizer() {
        return new Adapter(config, modules, Optional.empty(), magnitudes, routing);
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

    private static void requireMagnitudes(
            SortedMap<String, LowRank> modules, SortedMap<String, FloatTensor> magnitudes) {
        if (magnitudes.isEmpty()) return;
        if (!modules.keySet().equals(magnitudes.keySet())) {
            throw new IllegalArgumentException("magnitudes must be there for every module or for none");
        }
        magnitudes.forEach((path, magnitude) -> {
            LowRank module = modules.get(path);
            if (module == null || magnitude.rows() != module.out() || magnitude.columns() != 1) {
                throw new IllegalArgumentException("the magnitudes of " + path + " must be one for each row of B");
            }
        });
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
