package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Makes one adapter out of several, module by module.
///
/// The same adapters, weights and method give the same bits. A module that only some adapters have is
/// merged from those. The result has one rank, the largest that a module needs, the others padded with
/// zeros; its scale is 1.
public final class Merge {
    private Merge() {}

    /// @throws IllegalArgumentException if there are no adapters, or two that update a module of different
    ///   shapes, or the result has a higher rank than an adapter may have
    public static Adapter of(List<Weighted> adapters, MergeMethod method) {
        return adapter(factors(adapters, method));
    }

    static SortedMap<String, Factors> factors(List<Weighted> adapters, MergeMethod method) {
        if (adapters.isEmpty())
            throw new IllegalArgumentException("a merge needs at least one adapter, was given none");
        adapters.forEach(each -> each.adapter().requirePlain());
        SortedMap<String, Factors> merged = new TreeMap<>();
        for (String module : modules(adapters)) merged.put(module, method.merge(updates(adapters, module), module));
        return merged;
    }

    /// What stands before `B A` in one module of an adapter.
    public static double scale(Adapter adapter, String module) {
        return adapter.config().scale(module);
    }

    private static SortedSet<String> modules(List<Weighted> adapters) {
        SortedSet<String> all = new TreeSet<>();
        adapters.forEach(each -> all.addAll(each.adapter().modules().keySet()));
        return all;
    }

    private static List<Update> updates(List<Weighted> adapters, String module) {
        List<Update> updates = new ArrayList<>();
        for (Weighted each : adapters) {
            LowRank factors = each.adapter().modules().get(module);
            if (factors == null) continue;
            if (!updates.isEmpty()) requireSameShape(updates.getFirst(), factors, module);
            double scale = each.adapter().config().scale(module);
            updates.add(new Update(Matrix.of(factors.b()), Matrix.of(factors.a()), scale, each.weight()));
        }
        return updates;
    }

    private static void requireSameShape(Update first, LowRank factors, String module) {
        if (first.b().rows() == factors.out() && first.a().columns() == factors.in()) return;
        throw new IllegalArgumentException(
                "module %s is %d x %d in one adapter and %d x %d in another; merge adapters of one base model"
                        .formatted(module, first.b().rows(), first.a().columns(), factors.out(), factors.in()));
    }

    private static Adapter adapter(SortedMap<String, Factors> merged) {
        int rank = merged.values().stream().mapToInt(Factors::rank).max().orElseThrow();
        if (rank > LoraConfig.RANK_MAX) {
            throw new IllegalArgumentException("the merged rank would be %d, at most %d is possible; compress to a rank"
                    .formatted(rank, LoraConfig.RANK_MAX));
        }
        SortedSet<String> targets = new TreeSet<>();
        SortedMap<String, LowRank> modules = new TreeMap<>();
        merged.forEach((path, factors) -> {
            targets.add(path.substring(path.lastIndexOf('.') + 1));
            modules.put(path, factors.padded(rank));
        });
        return new Adapter(new LoraConfig(rank, rank, targets), modules, Optional.empty());
    }
}
