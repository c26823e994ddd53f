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
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Ranks and errors of truncated updates against numpy, which forms the whole update (`make_truncation_golden.py`).
class TruncationGoldenTest {
    private static final int[][] SHAPES = {{40, 24, 8}, {24, 60, 12}, {16, 16, 5}};
    private static final String PATH = "model.layers.0.self_attn.q_proj";

    @Test
    void the_fewest_ranks_that_hold_a_share_of_the_energy_are_kept() throws IOException {
        JsonNode golden = golden();
        for (int index = 0; index < SHAPES.length; index++) {
            for (JsonNode expected : golden.get(index)) {
                // Given
                Adapter adapter = adapter(index);

                // When
                Adapter kept =
                        Truncation.byEnergy(adapter, expected.get("share").asDouble());

                // Then
                assertThat(module(kept).rank()).isEqualTo(expected.get("rank").asInt());
                assertThat(kept.config().scale(PATH)).isEqualTo(2);
                double lost = lost(adapter, kept);
                assertThat(lost).isCloseTo(expected.get("lost").asDouble(), within(1e-6));
                double away = Math.abs(lost - expected.get("lost").asDouble());
                Parity.note("Ranks", "by energy", "numpy", "relative error of the update, absolute", away, 1e-6);
            }
        }
    }

    @Test
    void an_adapter_that_needs_all_its_ranks_stays_as_it_is() {
        Adapter adapter = adapter(2);

        assertThat(Truncation.byEnergy(adapter, 0.99999)).isSameAs(adapter);
        assertThat(Truncation.leading(adapter, new LinkedHashMap<>())).isSameAs(adapter);
    }

    @Test
    void an_update_that_is_zero_keeps_its_ranks_because_they_have_not_learnt_yet() {
        // Given
        SortedMap<String, LowRank> modules = new TreeMap<>();
        LowRank drawn = module(adapter(2));
        modules.put(PATH, new LowRank(drawn.a(), new FloatTensor(16, 5, new float[80])));
        Adapter fresh = new Adapter(adapter(2).config(), modules, Optional.empty());

        // Then
        assertThat(Truncation.byEnergy(fresh, 0.5)).isSameAs(fresh);
    }

    @Test
    void a_stabilised_scale_stays_too() {
        // Given
        LoraConfig stabilised = new LoraConfig(8, 16, targets(), true, new LinkedHashMap<>(), new LinkedHashMap<>());
        Adapter adapter = new Adapter(stabilised, adapter(0).modules(), Optional.empty());

        // When
        Adapter kept = Truncation.byEnergy(adapter, 0.6);

        // Then
        assertThat(module(kept).rank()).isLessThan(8);
        assertThat(kept.config().scale(PATH)).isCloseTo(stabilised.scale(), within(1e-12));
    }

    private static double lost(Adapter whole, Adapter kept) {
        double[] before = update(whole);
        double[] after = update(kept);
        double away = 0;
        double all = 0;
        for (int i = 0; i < before.length; i++) {
            away += (before[i] - after[i]) * (before[i] - after[i]);
            all += before[i] * before[i];
        }
        return Math.sqrt(away / all);
    }

    private static double[] update(Adapter adapter) {
        return Matrix.of(module(adapter).b())
                .times(Matrix.of(module(adapter).a()))
                .values();
    }

    private static LowRank module(Adapter adapter) {
        return Objects.requireNonNull(adapter.modules().get(PATH));
    }

    private static Adapter adapter(int index) {
        int out = SHAPES[index][0];
        int in = SHAPES[index][1];
        int rank = SHAPES[index][2];
        float[] a = new float[rank * in];
        SeededBits first = new SeededBits(index, "truncation A");
        for (int i = 0; i < a.length; i++) a[i] = (float) (Math.pow(0.75, i / in) * (first.unit(i) - 0.5));
        float[] b = new float[out * rank];
        SeededBits second = new SeededBits(index, "truncation B");
        for (int i = 0; i < b.length; i++) b[i] = (float) (second.unit(i) - 0.5);
        SortedMap<String, LowRank> modules = new TreeMap<>();
        modules.put(PATH, new LowRank(new FloatTensor(rank, in, a), new FloatTensor(out, rank, b)));
        return new Adapter(new LoraConfig(rank, 2.0 * rank, targets()), modules, Optional.empty());
    }

    private static TreeSet<String> targets() {
        return new TreeSet<>(Set.of("q_proj"));
    }

    private static JsonNode golden() throws IOException {
        try (InputStream json = TruncationGoldenTest.class.getResourceAsStream("/golden/truncation.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(json));
        }
    }
}
