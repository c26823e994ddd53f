package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnchorTest {
    private static final double STEP = 2e-3;

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
    private final Kernels kernels = Kernels.open(Precision.F32, 1);
    private final Workspace memory = new Workspace();
    private final AdapterLayout layout = new AdapterLayout(TinyLlama.CONFIG, TinyLlama.lora());
    private final AdapterLayers anchor = AdapterLayers.of(TinyLlama.adapter(2), base, kernels, memory);
    private final TokenBatch batch =
            TokenBatch.of(IntStream.range(0, 4).mapToObj(TinyLlama::sequence).toList(), 1 << 20);

    @AfterEach
    void close() {
        memory.close();
        kernels.close();
        base.close();
        checkpoint.close();
    }

    @ParameterizedTest
    @EnumSource
    void the_gradient_is_the_slope_of_loss_and_divergence_together(Activations activations) {
        try (Decoder decoder = new Decoder(base, kernels, activations)) {
            for (Optional<AdapterLayers> other :
                    java.util.List.of(Optional.of(anchor), Optional.<AdapterLayers>empty())) {
                // Given
                Anchor held = new Anchor(other, 0.3);
                AdapterParameters gradient = new AdapterParameters(layout, memory);

                // When
                cost(decoder, held, moved(0, 0), gradient);

                // Then
                for (int seed = 30; seed < 33; seed++) {
                    AdapterParameters unused = new AdapterParameters(layout, memory);
                    double up = cost(decoder, held, moved(seed, STEP), unused);
                    double down = cost(decoder, held, moved(seed, -STEP), unused);
                    double slope = along(gradient, seed);
                    assertThat((up - down) / (2 * STEP)).isCloseTo(slope, within(0.01 * Math.abs(slope) + 2e-3));
                }
            }
        }
    }

    @Test
    void nothing_pulls_where_the_anchor_stands() {
        try (Decoder decoder = new Decoder(base, kernels)) {
            // Given
            AdapterParameters gradient = new AdapterParameters(layout, memory);

            // When: no label counts but by its divergence
            double divergence = decoder.learn(
                    batch, anchor, new Anchor(Optional.of(anchor), 1), nats -> new double[nats.length], gradient);

            // Then
            assertThat(divergence).isCloseTo(0, within(1e-4));
            assertThat(largest(gradient)).isLessThan(1e-4f);
        }
    }

    /// Against the definition, in double, from the logits of each alone.
    @Test
    void a_divergence_without_training_is_that_of_the_whole_distributions() {
        try (Decoder decoder = new Decoder(base, kernels)) {
            // Given
            AdapterLayers adapter = AdapterLayers.of(TinyLlama.adapter(5), base, kernels, memory);
            float[] own = decoder.logits(batch, Optional.of(adapter)).toArray();
            float[] other = decoder.logits(batch, Optional.of(anchor)).toArray();

            // When
            double[] divergences = decoder.divergences(batch, Optional.of(adapter), Optional.of(anchor));
            double[] self = decoder.divergences(batch, Optional.of(anchor), Optional.of(anchor));

            // Then
            int vocabulary = TinyLlama.CONFIG.vocabulary();
            assertThat(divergences).hasSize(batch.labels());
            for (int label = 0; label < divergences.length; label++) {
                double[] p = logProbabilities(other, label * vocabulary, vocabulary);
                double[] q = logProbabilities(own, label * vocabulary, vocabulary);
                double expected = IntStream.range(0, vocabulary)
                        .mapToDouble(v -> Math.exp(p[v]) * (p[v] - q[v]))
                        .sum();
                assertThat(divergences[label]).isCloseTo(expected, within(1e-5 + 1e-4 * expected));
                assertThat(self[label]).isCloseTo(0, within(1e-6));
            }
        }
    }

    private static double[] logProbabilities(float[] logits, int at, int count) {
        double most = IntStream.range(at, at + count)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
        double sum = IntStream.range(at, at + count)
                .mapToDouble(i -> Math.exp(logits[i] - most))
                .sum();
        return IntStream.range(at, at + count)
                .mapToDouble(i -> logits[i] - most - Math.log(sum))
                .toArray();
    }

    /// Every label counts a tenth, and its divergence as the anchor says.
    private double cost(Decoder decoder, Anchor held, AdapterParameters weights, AdapterParameters gradient) {
        AdapterLayers layers = new AdapterLayers(layout, memory, Precision.F32);
        layers.load(kernels, weights);
        double[] sum = new double[1];
        double divergence = decoder.learn(
                batch,
                layers,
                held,
                nats -> {
                    sum[0] = IntStream.range(0, nats.length)
                            .mapToDouble(i -> 0.1 * nats[i])
                            .sum();
                    return IntStream.range(0, nats.length).mapToDouble(i -> 0.1).toArray();
                },
                gradient);
        return sum[0] + divergence;
    }

    private AdapterParameters moved(long seed, double step) {
        AdapterParameters parameters = new AdapterParameters(layout, memory);
        parameters.load(TinyLlama.adapter(5).modules());
        CounterRandom direction = new CounterRandom(seed, "direction");
        Tensor values = parameters.values();
        for (int i = 0; i < values.elements(); i++) {
            values.set(i, values.get(i) + (float) (step * direction.symmetric(i)));
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

    private static float largest(AdapterParameters parameters) {
        float largest = 0;
        for (float x : parameters.values().toArray()) largest = Math.max(largest, Math.abs(x));
        return largest;
    }
}
