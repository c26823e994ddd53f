package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationsTest {
    @ParameterizedTest
    @EnumSource
    void blocks_that_run_again_give_the_same_bits(Precision precision) {
        assertThat(gradient(precision, Activations.RECOMPUTED)).isEqualTo(gradient(precision, Activations.KEPT));
    }

    /// After two different batches, so that what one leaves in memory is there for the next.
    private static SortedMap<String, LowRank> gradient(Precision precision, Activations activations) {
        try (Checkpoint checkpoint = TinyLlama.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, precision);
                Kernels kernels = Kernels.open(precision, 1);
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(base, kernels, activations)) {
            AdapterLayers adapter = AdapterLayers.of(TinyLlama.adapter(2), base, kernels, memory);
            AdapterParameters gradients =
                    new AdapterParameters(new AdapterLayout(TinyLlama.CONFIG, TinyLlama.lora()), memory);
            learn(decoder, adapter, gradients, 0, 1, 2);
            learn(decoder, adapter, gradients, 3, 1);
            return gradients.modules();
        }
    }

    private static void learn(Decoder decoder, AdapterLayers adapter, AdapterParameters gradients, int... sequences) {
        TokenBatch batch = TokenBatch.of(
                IntStream.of(sequences).mapToObj(TinyLlama::sequence).toList(), 1 << 20);
        decoder.learn(
                batch,
                adapter,
                nats -> {
                    double[] weights = new double[nats.length];
                    Arrays.fill(weights, 0.25);
                    return weights;
                },
                gradients);
    }
}
