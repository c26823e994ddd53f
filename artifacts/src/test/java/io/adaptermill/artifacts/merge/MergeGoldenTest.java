package io.adaptermill.artifacts.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.matrix.SeededBits;
import io.adaptermill.testkit.Parity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Merged updates against PEFT's `add_weighted_adapter` and against numpy (`make_merge_golden.py`).
class MergeGoldenTest {
    private static final JsonNode GOLDEN = golden();
    private static final Map<String, int[]> SHAPES = Map.of(
            "model.layers.0.mlp.down_proj", new int[] {12, 20}, "model.layers.0.self_attn.q_proj", new int[] {24, 16});
    private static final double[] WEIGHTS = {0.7, -0.4, 1.1};
    private static final double[] ALPHAS = {8, 3, 5};
    private static final int[] SAME = {4, 4, 4};
    private static final int[] MIXED = {4, 2, 3};
    private static final double DENSITY = 0.6;
    private static final long SEED = 7;
    private static final int RANK = 3;

    static Stream<Arguments> merges() {
        Combination ties = Combination.ties(DENSITY, SignElection.TOTAL);
        Combination dare = Combination.dare(DENSITY, SEED);
        Combination dareByCount = Combination.dareTies(DENSITY, SEED, SignElection.FREQUENCY);
        Combination pruned = Combination.pruned(DENSITY);
        return Stream.of(
                Arguments.of("peft", "cat", MIXED, new MergeMethod.Concatenation()),
                Arguments.of("peft", "svd", MIXED, new MergeMethod.Compression(RANK)),
                Arguments.of("peft", "ties_svd", MIXED, new MergeMethod.Whole(ties, RANK)),
                Arguments.of("peft", "dare_linear_svd", MIXED, new MergeMethod.Whole(dare, RANK)),
                Arguments.of("peft", "dare_ties_svd", MIXED, new MergeMethod.Whole(dareByCount, RANK)),
                Arguments.of("peft", "magnitude_prune_svd", MIXED, new MergeMethod.Whole(pruned, RANK)),
                Arguments.of("peft", "linear", SAME, new MergeMethod.FactorWise(Combination.sum())),
                Arguments.of("peft", "ties", SAME, new MergeMethod.FactorWise(ties)),
                Arguments.of(
                        "peft",
                        "ties_frequency",
                        SAME,
                        new MergeMethod.FactorWise(Combination.ties(DENSITY, SignElection.FREQUENCY))),
                Arguments.of("peft", "dare_linear", SAME, new MergeMethod.FactorWise(dare)),
                Arguments.of(
                        "peft",
                        "dare_ties",
                        SAME,
                        new MergeMethod.FactorWise(Combination.dareTies(DENSITY, SEED, SignElection.TOTAL))),
                Arguments.of("peft", "magnitude_prune", SAME, new MergeMethod.FactorWise(pruned)),
                Arguments.of("numpy", "sum", MIXED, new MergeMethod.Concatenation()),
                Arguments.of("numpy", "compressed", MIXED, new MergeMethod.Compression(RANK)),
                Arguments.of("numpy", "ties", MIXED, new MergeMethod.Whole(ties, RANK)),
                Arguments.of("numpy", "dare", MIXED, new MergeMethod.Whole(dare, RANK)),
                Arguments.of("numpy", "dare_ties", MIXED, new MergeMethod.Whole(dareByCount, RANK)),
                Arguments.of("numpy", "pruned", MIXED, new MergeMethod.Whole(pruned, RANK)),
                Arguments.of("numpy", "orthogonalised", MIXED, new MergeMethod.Orthogonalisation(2)));
    }

    /// Absolute tolerance 1e-5 where the reference computes in float32, 3e-6 where only our factors are
    /// rounded to it.
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("merges")
    void a_merge_is_what_the_reference_makes_of_it(String by, String name, int[] ranks, MergeMethod method) {
        // Given
        List<Weighted> adapters = new ArrayList<>();
        for (int task = 0; task < 3; task++) adapters.add(new Weighted(adapter(task, ranks[task]), WEIGHTS[task]));

        // When
        Adapter merged = Merge.of(adapters, method);

        // Then
        assertThat(merged.modules().keySet()).isEqualTo(SHAPES.keySet());
        double tolerance = by.equals("peft") ? 1e-5 : 3e-6;
        merged.modules().forEach((path, module) -> {
            double[] actual = update(merged, module).values();
            JsonNode expected = GOLDEN.path(by).path(name).path(path);
            assertThat(expected.size()).isEqualTo(actual.length);
            double largest = 0;
            for (int i = 0; i < actual.length; i++) {
                assertThat(actual[i])
                        .as("%s element %d", path, i)
                        .isCloseTo(expected.get(i).asDouble(), within(tolerance));
                largest = Math.max(largest, Math.abs(actual[i] - expected.get(i).asDouble()));
            }
            String reference = by.equals("peft") ? "PEFT" : "numpy";
            Parity.note("Merging", name, reference, "merged update, absolute", largest, tolerance);
        });
    }

    private static Matrix update(Adapter adapter, LowRank module) {
        return Matrix.of(module.b())
                .times(Matrix.of(module.a()))
                .times(adapter.config().scale());
    }

    private static Adapter adapter(int task, int rank) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        SHAPES.forEach((path, shape) -> modules.put(
                path,
                new LowRank(factor(task, path + " A", rank, shape[1]), factor(task, path + " B", shape[0], rank))));
        LoraConfig config = new LoraConfig(rank, ALPHAS[task], new TreeSet<>(Set.of("q_proj", "down_proj")));
        return new Adapter(config, modules, Optional.empty());
    }

    private static FloatTensor factor(int task, String name, int rows, int columns) {
        SeededBits bits = new SeededBits(100 + task, name);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = (float) (bits.unit(i) - 0.5);
        return new FloatTensor(rows, columns, values);
    }

    private static JsonNode golden() {
        try (InputStream json = MergeGoldenTest.class.getResourceAsStream("/golden/merge.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
