package io.adaptermill.artifacts.exchange;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Modules of different ranks and scales as one adapter of one rank and one scale: the form that every
/// server loads, for servers read `r` and `lora_alpha` and nothing else.
///
/// A module of a smaller rank gets rows and columns of zeros: its update stays what it was, to the last
/// bit. Where scales differ, each module's goes into its B, rounded to float32; where they do not, no
/// number changes.
public final class UniformRank {
    private UniformRank() {}

    /// One module's factors and what stands before them.
    public record Scaled(LowRank factors, double scale) {}

    /// @throws IllegalArgumentException if there are no modules, or a rank is larger than an adapter's may
    ///   be
    public static Adapter of(SortedMap<String, Scaled> modules) {
        return of(modules, 1);
    }

    /// @param rankMin the result's rank is at least this, as a server's fixed buffers may ask
    public static Adapter of(SortedMap<String, Scaled> modules, int rankMin) {
        int rank = rankMin;
        SortedSet<Double> scales = new TreeSet<>();
        SortedSet<String> targets = new TreeSet<>();
        for (var entry : modules.entrySet()) {
            rank = Math.max(rank, entry.getValue().factors().rank());
            scales.add(entry.getValue().scale());
            targets.add(entry.getKey().substring(entry.getKey().lastIndexOf('.') + 1));
        }
        double common = scales.size() == 1 ? scales.getFirst() : 1;
        SortedMap<String, LowRank> padded = new TreeMap<>();
        for (var entry : modules.entrySet()) {
            padded.put(entry.getKey(), padded(entry.getValue(), rank, common));
        }
        return new Adapter(new LoraConfig(rank, common * rank, targets), padded, Optional.empty());
    }

    private static LowRank padded(Scaled module, int rank, double common) {
        LowRank factors = module.factors();
        float[] a = Arrays.copyOf(factors.a().values(), rank * factors.in());
        float[] b = new float[factors.out() * rank];
        for (int i = 0; i < factors.out(); i++) {
            for (int k = 0; k < factors.rank(); k++) {
                float value = factors.b().values()[i * factors.rank() + k];
                b[i * rank + k] = module.scale() == common ? value : (float) (module.scale() / common * value);
            }
        }
        return new LowRank(new FloatTensor(rank, factors.in(), a), new FloatTensor(factors.out(), rank, b));
    }
}
