package io.adaptermill.artifacts.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.SeededBits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MergeTest {
    private static final MergeMethod CAT = new MergeMethod.Concatenation();

    @Test
    void an_adapter_less_itself_is_nothing() {
        // Given
        Adapter adapter = adapter(1, 4, 10, 14, "q_proj");

        // When
        Adapter nothing = Merge.of(List.of(new Weighted(adapter, 1), new Weighted(adapter, -1)), CAT);

        // Then
        nothing.modules()
                .values()
                .forEach(module -> assertThat(update(nothing, module).norm()).isZero());
    }

    @Test
    void an_adapter_that_scales_rows_of_the_base_is_refused() {
        // Given
        Adapter plain = adapter(1, 4, 10, 14, "q_proj");
        SortedMap<String, FloatTensor> magnitudes = new TreeMap<>();
        plain.modules().forEach((path, module) -> magnitudes.put(path, FloatTensor.zeros(module.out(), 1)));
        Adapter dora = new Adapter(plain.config(), plain.modules(), Optional.empty(), magnitudes, Optional.empty());

        // When, Then
        assertThatThrownBy(() -> Merge.of(Weighted.all(List.of(plain, dora), 1), CAT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("magnitudes");
    }

    @Test
    void a_module_that_one_adapter_lacks_is_merged_from_the_others_and_padded() {
        // Given
        Adapter q = adapter(1, 4, 10, 14, "q_proj");
        Adapter both = adapter(2, 2, 10, 14, "q_proj", "k_proj");

        // When
        Adapter merged = Merge.of(Weighted.all(List.of(q, both), 1), CAT);

        // Then
        assertThat(merged.config()).isEqualTo(new LoraConfig(6, 6, new TreeSet<>(List.of("k_proj", "q_proj"))));
        LowRank k = module(merged, "model.layers.0.k_proj");
        assertThat(k.rank()).isEqualTo(6);
        assertThat(update(merged, k)
                        .minus(update(both, module(both, "model.layers.0.k_proj")))
                        .norm())
                .isLessThan(1e-6);
    }

    @Test
    void compressing_to_the_sum_of_ranks_loses_nothing_and_to_less_loses_the_least() {
        // Given
        Adapter first = adapter(1, 4, 40, 30, "q_proj");
        Adapter second = adapter(2, 4, 40, 30, "q_proj");
        List<Weighted> parts = Weighted.all(List.of(first, second), 0.5);
        Adapter exact = Merge.of(parts, CAT);
        Matrix whole = update(exact, module(exact, "model.layers.0.q_proj"));

        // When
        double[] lost = new double[9];
        for (int rank = 1; rank <= 8; rank++) {
            Adapter compressed = Merge.of(parts, new MergeMethod.Compression(rank));
            lost[rank] = update(compressed, module(compressed, "model.layers.0.q_proj"))
                    .minus(whole)
                    .norm();
        }

        // Then
        assertThat(lost[8]).isLessThan(1e-6 * whole.norm());
        for (int rank = 2; rank <= 8; rank++) assertThat(lost[rank]).isLessThan(lost[rank - 1]);
    }

    @Test
    void a_large_sum_is_approximated_as_well_as_by_its_whole_decomposition() {
        // Given
        List<Weighted> parts =
                Weighted.all(List.of(adapter(1, 8, 300, 260, "q_proj"), adapter(2, 8, 300, 260, "q_proj")), 1);
        Adapter best = Merge.of(parts, new MergeMethod.Compression(6));

        // When
        Adapter found = Merge.of(parts, new MergeMethod.Whole(Combination.sum(), 6));

        // Then
        Matrix expected = update(best, module(best, "model.layers.0.q_proj"));
        Matrix actual = update(found, module(found, "model.layers.0.q_proj"));
        assertThat(actual.minus(expected).norm()).isLessThan(1e-4 * expected.norm());
    }

    @Test
    void each_module_s_own_rank_and_scale_count() {
        // Given
        Adapter plain = adapter(1, 4, 10, 14, "k_proj", "q_proj");
        LinkedHashMap<String, Integer> ranks = new LinkedHashMap<>(Map.of("q_proj", 2));
        LinkedHashMap<String, Double> alphas = new LinkedHashMap<>(Map.of("q_proj", 6.0));
        LoraConfig config = new LoraConfig(4, 8, plain.config().targets(), true, ranks, alphas);
        TreeMap<String, LowRank> modules = new TreeMap<>(plain.modules());
        modules.put("model.layers.0.q_proj", module(adapter(2, 2, 10, 14, "q_proj"), "model.layers.0.q_proj"));
        Adapter patterned = new Adapter(config, modules, Optional.empty());

        // When
        Adapter merged = Merge.of(List.of(new Weighted(patterned, 1)), CAT);

        // Then
        patterned.modules().forEach((path, factors) -> {
            double scale = path.endsWith("q_proj") ? 6 / Math.sqrt(2) : 8 / Math.sqrt(4);
            Matrix expected =
                    Matrix.of(factors.b()).times(Matrix.of(factors.a())).times(scale);
            assertThat(update(merged, module(merged, path)).minus(expected).norm())
                    .isLessThan(1e-6 * expected.norm());
        });
    }

    @Test
    void a_random_choice_depends_on_seed_and_module_only() {
        // Given
        Adapter q = adapter(1, 4, 10, 14, "q_proj");
        Adapter both = adapter(1, 4, 10, 14, "k_proj", "q_proj");

        // When
        LowRank alone = module(dare(q, 3), "model.layers.0.q_proj");
        LowRank beside = module(dare(both, 3), "model.layers.0.q_proj");
        LowRank otherwise = module(dare(q, 4), "model.layers.0.q_proj");

        // Then
        assertThat(beside).isEqualTo(alone).isNotEqualTo(otherwise);
    }

    @Test
    void what_cannot_be_merged_is_refused_with_a_reason() {
        Adapter small = adapter(1, 4, 10, 14, "q_proj");
        assertThatThrownBy(() -> Merge.of(List.of(), CAT)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> Merge.of(Weighted.all(List.of(small, adapter(1, 4, 10, 12, "q_proj")), 1), CAT))
                .hasMessageContaining("10 x 14 in one adapter and 10 x 12 in another");
        assertThatThrownBy(() -> Merge.of(
                        Weighted.all(List.of(small, adapter(1, 3, 10, 14, "q_proj")), 1),
                        new MergeMethod.FactorWise(Combination.sum())))
                .hasMessageContaining("ranks 4 and 3");
        Adapter large = adapter(1, 300, 310, 310, "q_proj");
        assertThatThrownBy(() -> Merge.of(Weighted.all(List.of(large, large), 1), CAT))
                .hasMessageContaining("rank would be 600, at most 512");
    }

    private static Adapter dare(Adapter adapter, long seed) {
        return Merge.of(List.of(new Weighted(adapter, 1)), new MergeMethod.Whole(Combination.dare(0.5, seed), 4));
    }

    private static LowRank module(Adapter adapter, String path) {
        LowRank module = adapter.modules().get(path);
        assertThat(module).isNotNull();
        return java.util.Objects.requireNonNull(module);
    }

    private static Matrix update(Adapter adapter, LowRank module) {
        return Matrix.of(module.b())
                .times(Matrix.of(module.a()))
                .times(adapter.config().scale());
    }

    private static Adapter adapter(long seed, int rank, int out, int in, String... targets) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        for (String target : targets) {
            modules.put(
                    "model.layers.0." + target,
                    new LowRank(factor(seed, target + " A", rank, in), factor(seed, target + " B", out, rank)));
        }
        return new Adapter(
                new LoraConfig(rank, 2.0 * rank, new TreeSet<>(List.of(targets))), modules, Optional.empty());
    }

    private static FloatTensor factor(long seed, String name, int rows, int columns) {
        SeededBits bits = new SeededBits(seed, name);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = (float) (bits.unit(i) - 0.5);
        return new FloatTensor(rows, columns, values);
    }
}
