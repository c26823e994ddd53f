package io.adaptermill.artifacts.merge;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.LowRankSvd;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.Svd;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// Updates of fewer ranks: the best approximation there is, by the singular values of `B A` through QR of its factors,
/// never forming the product. Checked against numpy, which does form it, in `TruncationGoldenTest`.
///
/// Whatever is cut turns the basis of the factors, so moments that belong to the old one are dropped.
public final class Truncation {
    private Truncation() {}

    /// Every module with the fewest ranks that hold a share of its update's energy `‖ΔW‖²`, at least 1; scales stay.
    ///
    /// @param share in (0, 1]
    /// @return the adapter itself if every module needs all it has
    public static Adapter byEnergy(Adapter adapter, double share) {
        if (!(share > 0 && share <= 1)) throw new IllegalArgumentException("share must be in (0, 1], was " + share);
        adapter.requirePlain();
        SortedMap<String, LowRank> kept = new TreeMap<>();
        adapter.modules().forEach((path, module) -> {
            Svd svd = svd(module);
            int rank = rank(svd.s(), share);
            kept.put(
                    path, rank < module.rank() ? Factors.of(svd.truncated(rank)).padded(rank) : module);
        });
        return with(adapter, kept);
    }

    /// A pair's best approximation by a rank: `√S` on both sides, largest first.
    public static LowRank to(int rank, LowRank pair) {
        return Factors.of(svd(pair).truncated(rank)).padded(rank);
    }

    /// Every module with the first of its ranks, as many as are given by its path; scales stay.
    ///
    /// @return the adapter itself if that is all of them
    public static Adapter leading(Adapter adapter, SequencedMap<String, Integer> ranks) {
        adapter.requirePlain();
        SortedMap<String, LowRank> kept = new TreeMap<>();
        adapter.modules().forEach((path, module) -> {
            int rank = Math.min(module.rank(), ranks.getOrDefault(path, module.rank()));
            kept.put(path, rank < module.rank() ? leading(module, rank) : module);
        });
        return with(adapter, kept);
    }

    private static Svd svd(LowRank pair) {
        return LowRankSvd.of(Matrix.of(pair.b()), Matrix.of(pair.a()));
    }

    /// How many of the singular values hold a share of the sum of their squares; all if they are zero.
    private static int rank(double[] falling, double share) {
        double total = 0;
        for (double value : falling) total += value * value;
        double held = 0;
        for (int r = 0; r < falling.length; r++) {
            held += falling[r] * falling[r];
            if (held > 0 && held >= share * total) return r + 1;
        }
        return falling.length;
    }

    private static LowRank leading(LowRank module, int rank) {
        float[] a = Arrays.copyOf(module.a().values(), rank * module.in());
        float[] b = new float[module.out() * rank];
        for (int o = 0; o < module.out(); o++) {
            System.arraycopy(module.b().values(), o * module.rank(), b, o * rank, rank);
        }
        return new LowRank(new FloatTensor(rank, module.in(), a), new FloatTensor(module.out(), rank, b));
    }

    private static Adapter with(Adapter adapter, SortedMap<String, LowRank> modules) {
        if (modules.equals(adapter.modules())) return adapter;
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        modules.forEach((path, module) -> ranks.put(path, module.rank()));
        return new Adapter(adapter.config().withRanks(ranks), modules, Optional.empty());
    }
}
