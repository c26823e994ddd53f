package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Several tenants in one pass: of different ranks, lengths and numbers of labels.
class CoTenancyTest {
    private static final int[] RANKS = {4, 1, 16};
    private static final int[][] SEQUENCES = {{0, 1}, {2}, {3, 0, 2}};

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final Workspace memory = new Workspace();

    @AfterEach
    void close() {
        memory.close();
        checkpoint.close();
    }

    private record Learned(double[] nats, float[] gradient) {}

    @ParameterizedTest
    @CsvSource({"BF16,1", "BF16,2", "F32,1", "F32,2"})
    void a_tenant_gets_the_bits_that_it_gets_alone(Precision precision, int threads) {
        try (FrozenDecoder base = new FrozenDecoder(checkpoint, precision);
                Kernels kernels = Kernels.open(precision, threads);
                Decoder decoder = new Decoder(base, kernels)) {
            // Given
            List<Learned> alone = new ArrayList<>();
            for (int tenant = 0; tenant < RANKS.length; tenant++) {
                alone.addAll(learn(decoder, List.of(pass(tenant, kernels))));
            }

            // When
            List<Learned> together = learn(decoder, List.of(pass(0, kernels), pass(1, kernels), pass(2, kernels)));
            List<Learned> turned = learn(decoder, List.of(pass(2, kernels), pass(0, kernels)));

            // Then
            assertThat(together).usingRecursiveComparison().isEqualTo(alone);
            assertThat(turned).usingRecursiveComparison().isEqualTo(List.of(alone.get(2), alone.get(0)));
            assertThat(alone.get(1).gradient())
                    .isNotEqualTo(new float[alone.get(1).gradient().length]);
        }
    }

    private static List<Learned> learn(Decoder decoder, List<TenantPass> tenants) {
        List<double[]> nats = decoder.learn(tenants);
        List<Learned> learned = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i++) {
            learned.add(
                    new Learned(nats.get(i), tenants.get(i).gradients().values().toArray()));
        }
        return learned;
    }

    private TenantPass pass(int tenant, Kernels kernels) {
        LoraConfig plain = TinyLlama.lora();
        AdapterLayout layout =
                new AdapterLayout(TinyLlama.CONFIG, new LoraConfig(RANKS[tenant], RANKS[tenant], plain.targets()));
        AdapterParameters weights = new AdapterParameters(layout, memory);
        CounterRandom random = new CounterRandom(tenant, "weights");
        for (long i = 0; i < layout.size(); i++) weights.values().set(i, 0.2f * random.symmetric(i));
        AdapterLayers layers = new AdapterLayers(layout, memory, kernels.precision());
        layers.load(kernels, weights);
        List<TokenSequence> sequences =
                Arrays.stream(SEQUENCES[tenant]).mapToObj(TinyLlama::sequence).toList();
        return new TenantPass(
                TokenBatch.of(sequences, 1 << 20),
                layers,
                nats -> {
                    double[] counts = nats.clone();
                    Arrays.fill(counts, 1.0 / nats.length);
                    return counts;
                },
                new AdapterParameters(layout, memory));
    }
}
