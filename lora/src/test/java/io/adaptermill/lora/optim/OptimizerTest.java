package io.adaptermill.lora.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.schemas.policy.Practice.Schedule;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private final AdapterLayout layout = new AdapterLayout(TinyLlama.CONFIG, TinyLlama.lora());
    private final Workspace memory = new Workspace();
    private final Kernels kernels = Kernels.open(Precision.F32, 1);

    @AfterEach
    void close() {
        kernels.close();
        memory.close();
    }

    @Test
    void two_steps_of_adamw_follow_its_definition_with_clipping_and_decay() {
        // Given
        AdapterParameters weights = random("w");
        AdapterParameters gradients = random("g");
        AdamW.Moments moments =
                new AdamW.Moments(new AdapterParameters(layout, memory), new AdapterParameters(layout, memory));
        AdamW optimizer = new AdamW(0.1, 0.5);
        double norm = optimizer.norm(kernels, gradients);
        double p = weights.values().get(777);
        double g = gradients.values().get(777) * 0.5 / (norm + 1e-6);
        double sum = 0;
        for (float x : gradients.values().toArray()) sum += (double) x * x;

        // When
        for (int step = 1; step <= 2; step++) {
            optimizer.update(kernels, weights, gradients, moments, step, 0.01, norm);
        }

        // Then
        double expected = p;
        double m = 0;
        double v = 0;
        for (int step = 1; step <= 2; step++) {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            double divisor = Math.sqrt(v / (1 - Math.pow(0.999, step))) + 1e-8;
            expected = expected * (1 - 0.01 * 0.1) - 0.01 * m / (1 - Math.pow(0.9, step)) / divisor;
        }
        assertThat((double) weights.values().get(777)).isCloseTo(expected, within(1e-6));
        assertThat(norm).isCloseTo(Math.sqrt(sum), within(1e-5 * norm));
    }

    @Test
    void the_rate_rises_over_the_warm_up_and_falls_to_a_tenth() {
        // Given
        LearningRate rate = new LearningRate(Schedule.LINEAR_TO_TENTH, 1.0, 12, 0.1);

        // When
        double[] rates = IntStream.rangeClosed(1, 12).mapToDouble(rate::at).toArray();

        // Then
        assertThat(rates[0]).isEqualTo(0.5);
        assertThat(rates[1]).isEqualTo(1.0);
        assertThat(rates[2]).isEqualTo(1.0);
        assertThat(rates[11]).isCloseTo(0.1, within(1e-12));
        assertThat(Arrays.stream(rates, 2, 12).toArray()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(new LearningRate(Schedule.LINEAR_TO_TENTH, 1.0, 1, 0).at(1)).isEqualTo(1.0);
    }

    @Test
    void a_new_adapter_changes_nothing_and_draws_a_within_one_over_root_in() {
        // Given
        AdapterParameters parameters = new AdapterParameters(layout, memory);

        // When
        AdapterStart.draw(parameters, 9);

        // Then
        LowRank down = Objects.requireNonNull(parameters.modules().get("model.layers.1.mlp.down_proj"));
        assertThat(down.b().values()).containsOnly(0f);
        double bound = 1 / Math.sqrt(48);
        double mean = 0;
        double largest = 0;
        for (float a : down.a().values()) {
            mean += a / down.a().values().length;
            largest = Math.max(largest, Math.abs(a));
        }
        assertThat(largest).isBetween(0.9 * bound, bound);
        assertThat(mean).isCloseTo(0, within(0.2 * bound));
    }

    @Test
    void a_permutation_has_every_index_once_and_depends_on_the_seed() {
        // When
        int[] order = new CounterRandom(1, "order").permutation(100);

        // Then
        assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, 100).toArray());
        assertThat(order).isNotEqualTo(new CounterRandom(2, "order").permutation(100));
        assertThat(order).isNotEqualTo(IntStream.range(0, 100).toArray());
    }

    private AdapterParameters random(String name) {
        AdapterParameters parameters = new AdapterParameters(layout, memory);
        Tensor values = parameters.values();
        CounterRandom random = new CounterRandom(3, name);
        for (int i = 0; i < values.elements(); i++) values.set(i, random.symmetric(i));
        return parameters;
    }
}
