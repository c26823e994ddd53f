package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.optim.LearningRate;
import io.adaptermill.lora.transformer.Activations;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.Fused;
import io.adaptermill.lora.transformer.InputMask;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.schemas.policy.Practice.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Masks against numpy's and schedules against transformers' (`make_practice_golden.py`); gradients under a mask
/// against finite differences.
class DropoutTest {
    private static final JsonNode GOLDEN = Golden.json("practice.json");
    private static final double STEP = 1e-3;

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
    private final Kernels kernels = Kernels.open(Precision.F32, 2);
    private final Workspace memory = new Workspace();
    private final Workspace scratch = new Workspace();
    private final AdapterLayout layout = new AdapterLayout(TinyLlama.CONFIG, TinyLlama.lora());
    private final Dropout dropout = new Dropout(0.3, 42, scratch);

    @AfterEach
    void close() {
        scratch.close();
        memory.close();
        kernels.close();
        base.close();
        checkpoint.close();
    }

    @Test
    void a_mask_is_the_one_that_numpy_draws() {
        // Given
        JsonNode tokens = GOLDEN.get("tokens");
        long[] places = new long[tokens.size()];
        for (int t = 0; t < places.length; t++) {
            places[t] =
                    (tokens.get(t).get(0).asLong() << 20) + tokens.get(t).get(1).asLong();
        }
        InputMask mask =
                new InputMask(0.1, places, (layer, fused) -> Dropout.random(42, 7, layer, fused)::bits, scratch);

        // When
        for (int t = 0; t < places.length; t++) {
            float[] factors = new float[32];
            mask.factors(29, Fused.GATE_UP, t, factors);

            // Then
            for (int j = 0; j < 32; j++) {
                assertThat(factors[j])
                        .isEqualTo((float) GOLDEN.get("mask").get(t).get(j).asDouble());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSTANT", "LINEAR", "COSINE"})
    void after_the_warm_up_a_schedule_is_the_one_of_transformers(Schedule schedule) {
        // Given: 4 of 20 steps
        LearningRate rate = new LearningRate(schedule, 1.0, 20, 0.2);

        // Then: its first step has a rate of 0, ours of a quarter
        for (int step = 1; step <= 4; step++) assertThat(rate.at(step)).isEqualTo(step / 4.0);
        for (int step = 5; step <= 20; step++) {
            double golden =
                    GOLDEN.get("rates").get(schedule.name()).get(step - 1).asDouble();
            assertThat(rate.at(step)).isCloseTo(golden, within(1e-12));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_gradient_under_a_mask_is_the_slope_of_the_loss_under_it(Activations activations) {
        try (Decoder decoder = new Decoder(base, kernels, activations)) {
            // Given
            TokenBatch batch = batch(0, 1, 2, 3);
            AdapterParameters gradient = new AdapterParameters(layout, memory);

            // When
            double whole = cost(decoder, batch, 0, moved(0, 0), gradient);

            // Then
            for (int seed = 50; seed < 53; seed++) {
                AdapterParameters unused = new AdapterParameters(layout, memory);
                double up = cost(decoder, batch, 0, moved(seed, STEP), unused);
                double down = cost(decoder, batch, 0, moved(seed, -STEP), unused);
                double slope = along(gradient, seed);
                assertThat((up - down) / (2 * STEP)).isCloseTo(slope, within(0.01 * Math.abs(slope) + 4e-3));
            }
            assertThat(whole).isNotEqualTo(cost(decoder, batch, 4, moved(0, 0), new AdapterParameters(layout, memory)));
        }
    }

    @Test
    void a_tokens_mask_does_not_depend_on_how_a_step_is_cut() {
        try (Decoder decoder = new Decoder(base, kernels)) {
            // Given
            AdapterParameters together = new AdapterParameters(layout, memory);
            AdapterParameters apart = new AdapterParameters(layout, memory);

            // When
            double whole = cost(decoder, batch(0, 1, 2, 3), 0, moved(0, 0), together);
            double parts = cost(decoder, batch(0, 1), 0, moved(0, 0), apart)
                    + cost(decoder, batch(2, 3), 2, moved(0, 0), apart);

            // Then
            assertThat(parts).isCloseTo(whole, within(1e-4));
            float[] one = together.values().toArray();
            float[] two = apart.values().toArray();
            for (int i = 0; i < one.length; i++) assertThat(two[i]).isCloseTo(one[i], within(1e-4f));
        }
    }

    private double cost(
            Decoder decoder, TokenBatch batch, int first, AdapterParameters weights, AdapterParameters gradient) {
        AdapterLayers layers = new AdapterLayers(layout, memory, Precision.F32);
        layers.load(kernels, weights);
        layers.mask(dropout.mask(3, batch, first));
        double[] nats = decoder.learn(batch, layers, DropoutTest::tenths, gradient);
        return 0.1 * Arrays.stream(nats).sum();
    }

    private static double[] tenths(double[] nats) {
        double[] weights = new double[nats.length];
        Arrays.fill(weights, 0.1);
        return weights;
    }

    private static TokenBatch batch(int... indices) {
        List<TokenSequence> sequences =
                IntStream.of(indices).mapToObj(TinyLlama::sequence).toList();
        return TokenBatch.of(sequences, 1 << 20);
    }

    private AdapterParameters moved(long seed, double step) {
        AdapterParameters parameters = new AdapterParameters(layout, memory);
        parameters.load(TinyLlama.adapter(5).modules());
        CounterRandom direction = new CounterRandom(seed, "direction");
        for (int i = 0; i < parameters.values().elements(); i++) {
            float value = parameters.values().get(i);
            parameters.values().set(i, value + (float) (step * direction.symmetric(i)));
        }
        return parameters;
    }

    private static double along(AdapterParameters gradient, long seed) {
        CounterRandom direction = new CounterRandom(seed, "direction");
        double sum = 0;
        for (int i = 0; i < gradient.values().elements(); i++) {
            sum += (double) gradient.values().get(i) * direction.symmetric(i);
        }
        return sum;
    }
}
