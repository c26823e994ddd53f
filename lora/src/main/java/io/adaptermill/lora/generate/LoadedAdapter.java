package io.adaptermill.lora.generate;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.Routing;
import io.adaptermill.lora.kernel.TopShares;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An adapter as decoding wants it: `y += Bᵀᵀ (A x)` row by row, the scale folded into B, B stored by rank.
///
/// Immutable and safe to share; plain heap memory, freed with its last reference. Never merged into the
/// base, so rows of different tenants go through the base together.
public final class LoadedAdapter {
    private final int rankMax;
    /// By layer and linear; null where the adapter leaves the linear alone.
    private final @Nullable Update[] updates;

    private LoadedAdapter(int rankMax, @Nullable Update[] updates) {
        this.rankMax = rankMax;
        this.updates = updates;
    }

    /// @param a `[rank, in]`
    /// @param b `[rank, out]`, transposed and scaled
    /// @param factors `[out]` that the adapted rows are scaled by; null where they keep their lengths
    /// @param router that says how much each row of A counts; null where all count
    private record Update(
            int in,
            int out,
            int rank,
            float[] a,
            float[] b,
            float @Nullable [] factors,
            @Nullable Router router) {}

    /// A mixture's choice among a module's experts.
    ///
    /// @param r `[experts, in]`
    private record Router(int experts, int topK, float[] r) {
        double[] shares(float[] x, int xAt, int in) {
            double[] scores = new double[experts];
            for (int e = 0; e < experts; e++) scores[e] = RowProducts.dot(r, e * in, x, xAt, in);
            double[] shares = new double[experts];
            TopShares.of(scores, topK, shares);
            return shares;
        }
    }

    /// @throws IllegalArgumentException if a module does not fit the model
    static LoadedAdapter of(Adapter adapter, Checkpoint base) {
        ModelConfig config = base.config();
        Map<String, LowRank> left = new HashMap<>(adapter.modules());
        Linear[] linears = Linear.values();
        @Nullable Update[] updates = new Update[config.layers() * linears.length];
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Linear linear : linears) {
                LowRank module = left.remove(linear.path(layer));
                if (module == null) continue;
                requireFits(linear, layer, module, config);
                updates[layer * linears.length + linear.ordinal()] =
                        update(module, adapter, linear.path(layer), base.tensor(Checkpoint.weight(linear, layer)));
            }
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "the base model has no module " + left.keySet().iterator().next() + ", which the adapter updates");
        }
        int rankMax = adapter.modules().values().stream()
                .mapToInt(LowRank::rank)
                .max()
                .orElse(0);
        return new LoadedAdapter(rankMax, updates);
    }

    /// `y += s B (A x)` for one row, y the base's product without its bias; then the row's factors.
    ///
    /// @param z scratch of at least the rank
    void apply(int layer, Linear linear, float[] x, int xAt, float[] y, int yAt, float[] z) {
        Update update = updates[layer * Linear.values().length + linear.ordinal()];
        if (update == null) return;
        Router router = update.router();
        if (router == null) {
            add(update, 0, update.rank(), 1, x, xAt, y, yAt, z);
        } else {
            int each = update.rank() / router.experts();
            double[] shares = router.shares(x, xAt, update.in());
            for (int e = 0; e < shares.length; e++) {
                if (shares[e] > 0) add(update, e * each, (e + 1) * each, (float) shares[e], x, xAt, y, yAt, z);
            }
        }
        float[] factors = update.factors();
        if (factors == null) return;
        for (int o = 0; o < factors.length; o++) y[yAt + o] *= factors[o];
    }

    /// The part of some rows of A and B, times their share.
    private static void add(
            Update update, int from, int to, float share, float[] x, int xAt, float[] y, int yAt, float[] z) {
        for (int r = from; r < to; r++) {
            z[r] = share * RowProducts.dot(update.a(), r * update.in(), x, xAt, update.in());
        }
        for (int r = from; r < to; r++) {
            RowMath.addScaled(y, yAt, z[r], update.b(), r * update.out(), update.out());
        }
    }

    /// The largest of any module.
    int rank() {
        return rankMax;
    }

    private static Update update(LowRank module, Adapter adapter, String path, FrozenTensor weight) {
        double scale = adapter.config().scale(path);
        int rank = module.rank();
        int out = module.out();
        float[] b = module.b().values();
        float[] scaled = new float[rank * out];
        for (int o = 0; o < out; o++) {
            for (int r = 0; r < rank; r++) scaled[r * out + o] = (float) (scale * b[o * rank + r]);
        }
        FloatTensor a = module.a();
        FloatTensor magnitudes = adapter.magnitudes().get(path);
        float[] factors = magnitudes == null ? null : factors(module, scale, magnitudes, weight);
        Router router = adapter.routing().map(routing -> router(routing, path)).orElse(null);
        return new Update(module.in(), out, rank, a.values(), scaled, factors, router);
    }

    private static Router router(Routing routing, String path) {
        FloatTensor r = routing.routers().get(path);
        if (r == null) throw new IllegalArgumentException("the adapter has no router for " + path);
        return new Router(r.rows(), routing.topK(), r.values());
    }

    /// `m / ‖W + s B A‖`, row by row.
    private static float[] factors(LowRank module, double scale, FloatTensor magnitudes, FrozenTensor weight) {
        int in = module.in();
        float[] factors = new float[module.out()];
        double[] row = new double[in];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frozen = arena.allocate((long) Float.BYTES * in, 64);
            for (int o = 0; o < factors.length; o++) {
                weight.readFloats(o, o + 1, frozen, 0);
                for (int i = 0; i < in; i++) row[i] = frozen.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                for (int r = 0; r < module.rank(); r++) {
                    double left = scale * module.b().values()[o * module.rank() + r];
                    for (int i = 0; i < in; i++) row[i] += left * module.a().values()[r * in + i];
                }
                double sum = 0;
                for (double value : row) sum += value * value;
                factors[o] = (float) (magnitudes.values()[o] / Math.sqrt(sum));
            }
        }
        return factors;
    }

    private static void requireFits(Linear linear, int layer, LowRank module, ModelConfig config) {
        if (module.in() != linear.in(config) || module.out() != linear.out(config)) {
            throw new IllegalArgumentException("module %s must map %d to %d in this base model, maps %d to %d"
                    .formatted(linear.path(layer), linear.in(config), linear.out(config), module.in(), module.out()));
        }
    }
}
