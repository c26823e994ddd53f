package io.adaptermill.lora.compose;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.LowRankSvd;
import io.adaptermill.artifacts.matrix.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Chooses among adapters by what a module's input looks like, with nothing to train.
///
/// Each adapter's prototype in a module is the direction that its update stretches most, the first right
/// singular vector of `B A`. An input that lies along it is what the adapter was trained on: its score is
/// `|x · v|`. The best k share the input by softmax. Source: Ostapenko et al. 2024 (Arrow). Checked against
/// PEFT in `ArrowRouterTest`.
///
/// @param prototypes by module, `[adapters, in]`; modules that not all adapters have cannot choose and are
///   left out
public record ArrowRouter(Map<String, Matrix> prototypes, int adapters, int topK, double temperature) {
    public ArrowRouter {
        prototypes = Map.copyOf(prototypes);
        if (topK < 1 || topK > adapters) {
            throw new IllegalArgumentException("topK must be in [1, " + adapters + "], was " + topK);
        }
        if (!(temperature > 0)) throw new IllegalArgumentException("temperature must be positive, was " + temperature);
    }

    /// @throws IllegalArgumentException if the adapters share no module
    public static ArrowRouter of(List<Adapter> adapters, int topK, double temperature) {
        Set<String> shared = new TreeSet<>(adapters.getFirst().modules().keySet());
        adapters.forEach(adapter -> shared.retainAll(adapter.modules().keySet()));
        if (shared.isEmpty()) throw new IllegalArgumentException("the adapters share no module to choose in");
        Map<String, Matrix> prototypes = new TreeMap<>();
        for (String module : shared) {
            List<Matrix> rows = new ArrayList<>();
            for (Adapter adapter : adapters)
                rows.add(prototype(adapter.modules().get(module)));
            prototypes.put(module, Matrix.stacked(rows));
        }
        return new ArrowRouter(prototypes, adapters.size(), topK, temperature);
    }

    /// How much each adapter counts for one token in one module; they add up to 1.
    ///
    /// @param x the module's input
    public double[] weights(String module, float[] x) {
        Matrix rows = prototypes.get(module);
        if (rows == null) throw new IllegalArgumentException("the adapters do not share the module " + module);
        double[] scores = new double[adapters];
        for (int i = 0; i < adapters; i++) {
            for (int j = 0; j < x.length; j++) scores[i] += rows.at(i, j) * x[j];
            scores[i] = Math.abs(scores[i]);
        }
        return softmaxOfBest(scores);
    }

    private double[] softmaxOfBest(double[] scores) {
        int[] best = best(scores, topK);
        double[] weights = new double[scores.length];
        double sum = 0;
        for (int i : best) {
            weights[i] = Math.exp((scores[i] - scores[best[0]]) / temperature);
            sum += weights[i];
        }
        for (int i : best) weights[i] /= sum;
        return weights;
    }

    /// Indices of the largest values, the largest first, the earlier of two equal ones first.
    static int[] best(double[] values, int count) {
        return Arrays.copyOf(
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
                        .mapToInt(Integer::intValue)
                        .toArray(),
                count);
    }

    private static Matrix prototype(@Nullable LowRank factors) {
        if (factors == null) throw new IllegalStateException("a shared module must be in every adapter");
        return LowRankSvd.of(Matrix.of(factors.b()), Matrix.of(factors.a()))
                .v()
                .leftColumns(1)
                .transposed();
    }
}
