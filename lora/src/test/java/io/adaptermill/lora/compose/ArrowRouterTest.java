package io.adaptermill.lora.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.optim.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ArrowRouterTest {
    private static final String MODULE = "model.layers.0.self_attn.q_proj";
    private static final int IN = 10;
    private static final int OUT = 12;
    private static final int RANK = 3;
    private static final double[] SCALES = {2, 1, 0.5};

    /// `make_arrow_golden.py`, in float32.
    @Test
    void tokens_are_routed_and_mixed_as_in_peft() {
        // Given
        JsonNode expected = Golden.json("arrow.json").get("delta");
        List<Adapter> adapters = List.of(adapter(0), adapter(1), adapter(2));
        ArrowRouter router = ArrowRouter.of(adapters, 2, 0.7);
        float[] tokens = numbers(9, "tokens", 6 * IN);

        for (int token = 0; token < 6; token++) {
            // When
            float[] x = Arrays.copyOfRange(tokens, token * IN, (token + 1) * IN);
            double[] weights = router.weights(MODULE, x);

            // Then
            assertThat(Arrays.stream(weights).filter(weight -> weight > 0).count())
                    .isEqualTo(2);
            double[] actual = mixture(adapters, weights, x);
            for (int i = 0; i < OUT; i++) {
                assertThat(actual[i]).isCloseTo(expected.get(token * OUT + i).asDouble(), within(2e-5));
            }
        }
    }

    @Test
    void what_cannot_be_routed_is_refused() {
        List<Adapter> adapters = List.of(adapter(0), adapter(1));
        assertThatThrownBy(() -> ArrowRouter.of(adapters, 3, 1)).hasMessageContaining("topK must be in [1, 2]");
        assertThatThrownBy(() -> ArrowRouter.of(adapters, 1, 0)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> ArrowRouter.of(adapters, 1, 1).weights("elsewhere", new float[IN]))
                .hasMessageContaining("elsewhere");
    }

    private static double[] mixture(List<Adapter> adapters, double[] weights, float[] x) {
        double[] sum = new double[OUT];
        for (int i = 0; i < weights.length; i++) {
            LowRank factors = Objects.requireNonNull(adapters.get(i).modules().get(MODULE));
            Matrix update = Matrix.of(factors.b()).times(Matrix.of(factors.a())).times(SCALES[i] * weights[i]);
            for (int row = 0; row < OUT; row++) {
                for (int j = 0; j < IN; j++) sum[row] += update.at(row, j) * x[j];
            }
        }
        return sum;
    }

    private static Adapter adapter(int seed) {
        float[] b = numbers(seed, "B", OUT * RANK);
        for (int row = 0; row < OUT; row++) b[row * RANK] *= 4;
        TreeMap<String, LowRank> modules = new TreeMap<>();
        modules.put(
                MODULE,
                new LowRank(new FloatTensor(RANK, IN, numbers(seed, "A", RANK * IN)), new FloatTensor(OUT, RANK, b)));
        LoraConfig config = new LoraConfig(RANK, SCALES[seed] * RANK, new TreeSet<>(List.of("q_proj")));
        return new Adapter(config, modules, Optional.empty());
    }

    private static float[] numbers(long seed, String name, int count) {
        CounterRandom random = new CounterRandom(seed, name);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = random.symmetric(i);
        return numbers;
    }
}
