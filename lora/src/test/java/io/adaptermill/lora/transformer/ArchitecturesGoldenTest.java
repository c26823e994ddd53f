package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.testkit.Parity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every architecture against Hugging Face transformers and PEFT, in float32, on a tiny random model of it.
class ArchitecturesGoldenTest {
    private static final double STEP = 1e-3;

    private final Kernels kernels = Kernels.open(Precision.F32, 2);
    private final Workspace memory = new Workspace();

    static List<String> models() {
        List<String> all = new ArrayList<>(Architecture.FOLDERS);
        all.addAll(Architecture.GGUF);
        return all;
    }

    static List<String> folders() {
        return Architecture.FOLDERS;
    }

    @AfterEach
    void close() {
        memory.close();
        kernels.close();
    }

    @ParameterizedTest
    @MethodSource("models")
    void logits_are_those_of_transformers(String name) {
        // Given
        Architecture architecture = Architecture.of(name);
        try (Checkpoint checkpoint = architecture.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
                Decoder decoder = new Decoder(base, kernels)) {
            // When
            float[] all = decoder.logits(batch(architecture), Optional.empty()).toArray();

            // Then: they reach 9; the last token's row has no label
            float[] expected = architecture.logits();
            int compared = expected.length - checkpoint.config().vocabulary();
            assertThat(Arrays.copyOf(all, compared)).containsExactly(Arrays.copyOf(expected, compared), within(1e-4f));
            double largest = 0;
            for (int i = 0; i < compared; i++) largest = Math.max(largest, Math.abs(all[i] - expected[i]));
            Parity.note("Base models", name, "transformers", "logits, absolute", largest, 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void in_bfloat16_logits_stay_near_those_of_transformers(String name) {
        // Given
        Architecture architecture = Architecture.of(name);
        try (Checkpoint checkpoint = architecture.checkpoint();
                Kernels brains = Kernels.open(Precision.BF16, 2);
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.BF16);
                Decoder decoder = new Decoder(base, brains)) {
            // When
            float[] all = decoder.logits(batch(architecture), Optional.empty()).toArray();

            // Then: they reach 9, of which the type holds 0.03; it is rounded to a few dozen times
            float[] expected = architecture.logits();
            int compared = expected.length - checkpoint.config().vocabulary();
            double sum = 0;
            for (int i = 0; i < compared; i++) sum += Math.abs(all[i] - expected[i]);
            assertThat(sum / compared).isLessThan(0.06);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void losses_and_gradients_of_an_adapter_are_those_of_peft(String name) {
        // Given
        Architecture architecture = Architecture.of(name);
        try (Checkpoint checkpoint = architecture.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
                Decoder decoder = new Decoder(base, kernels)) {
            AdapterParameters gradients = parameters(base, architecture.adapter());
            gradients.values().clear();

            // When
            double loss = learn(decoder, base, architecture, architecture.adapter(), gradients);

            // Then
            assertThat(loss).isCloseTo(architecture.loss(), within(1e-5 * architecture.loss()));
            double share = Math.abs(loss / architecture.loss() - 1);
            Parity.note("Base models", name, "PEFT", "an adapter's loss, relative", share, 1e-5);
            SortedMap<String, LowRank> expected = architecture.gradient();
            gradients.modules().forEach((path, module) -> {
                LowRank golden = Objects.requireNonNull(expected.get(path), path);
                assertClose(path + " A", module.a().values(), golden.a().values());
                assertClose(path + " B", module.b().values(), golden.b().values());
            });
            assertThat(gradients.modules().keySet()).isEqualTo(expected.keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void blocks_that_run_again_for_the_backward_give_the_same_bits(String name) {
        // Given
        Architecture architecture = Architecture.of(name);
        List<SortedMap<String, LowRank>> gradients = new ArrayList<>();
        try (Checkpoint checkpoint = architecture.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32)) {
            for (Activations activations : Activations.values()) {
                try (Decoder decoder = new Decoder(base, kernels, activations)) {
                    AdapterParameters sums = parameters(base, architecture.adapter());
                    sums.values().clear();

                    // When
                    learn(decoder, base, architecture, architecture.adapter(), sums);
                    gradients.add(sums.modules());
                }
            }
        }

        // Then
        assertThat(gradients).hasSize(2).allMatch(gradients.getFirst()::equals);
    }

    @ParameterizedTest
    @MethodSource("folders")
    void the_gradient_is_the_slope_of_the_loss(String name) {
        // Given
        Architecture architecture = Architecture.of(name);
        Adapter adapter = architecture.adapter();
        try (Checkpoint checkpoint = architecture.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
                Decoder decoder = new Decoder(base, kernels)) {
            AdapterParameters gradients = parameters(base, adapter);
            gradients.values().clear();

            // When
            learn(decoder, base, architecture, adapter, gradients);

            // Then
            SortedMap<String, LowRank> gradient = gradients.modules();
            AdapterParameters unused = parameters(base, adapter);
            for (int seed = 0; seed < 3; seed++) {
                double up = learn(decoder, base, architecture, moved(adapter, seed, STEP), unused);
                double down = learn(decoder, base, architecture, moved(adapter, seed, -STEP), unused);
                double slope = along(gradient, seed);
                assertThat((up - down) / (2 * STEP)).isCloseTo(slope, within(0.01 * Math.abs(slope) + 2e-3));
            }
        }
    }

    private double learn(
            Decoder decoder, FrozenDecoder base, Architecture architecture, Adapter adapter, AdapterParameters sums) {
        AdapterLayers layers = AdapterLayers.of(adapter, base, kernels, memory);
        double[] nats = decoder.learn(batch(architecture), layers, all -> ones(all.length), sums);
        return Arrays.stream(nats).average().orElseThrow();
    }

    private static double[] ones(int labels) {
        double[] weights = new double[labels];
        Arrays.fill(weights, 1.0 / labels);
        return weights;
    }

    private static TokenBatch batch(Architecture architecture) {
        return TokenBatch.of(List.of(new TokenSequence(architecture.tokens(), 1)), 1 << 20);
    }

    private AdapterParameters parameters(FrozenDecoder base, Adapter adapter) {
        return new AdapterParameters(new AdapterLayout(base.config(), adapter.config()), memory);
    }

    /// Every number within a share of its tensor's largest.
    private static void assertClose(String name, float[] actual, float[] expected) {
        float largest = 0;
        for (float value : expected) largest = Math.max(largest, Math.abs(value));
        assertThat(actual).as(name).containsExactly(expected, within(2e-4f * largest + 1e-7f));
    }

    private static Adapter moved(Adapter adapter, long seed, double step) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        adapter.modules()
                .forEach((path, module) -> modules.put(
                        path,
                        new LowRank(
                                moved(module.a(), seed, path + "a", step), moved(module.b(), seed, path + "b", step))));
        return new Adapter(adapter.config(), modules, Optional.empty());
    }

    private static FloatTensor moved(FloatTensor tensor, long seed, String name, double step) {
        CounterRandom direction = new CounterRandom(seed, name);
        float[] numbers = tensor.values().clone();
        for (int i = 0; i < numbers.length; i++) numbers[i] += (float) (step * direction.symmetric(i));
        return new FloatTensor(tensor.rows(), tensor.columns(), numbers);
    }

    private static double along(SortedMap<String, LowRank> gradient, long seed) {
        double sum = 0;
        for (var entry : gradient.entrySet()) {
            sum += along(entry.getValue().a(), new CounterRandom(seed, entry.getKey() + "a"));
            sum += along(entry.getValue().b(), new CounterRandom(seed, entry.getKey() + "b"));
        }
        return sum;
    }

    private static double along(FloatTensor gradient, CounterRandom direction) {
        double sum = 0;
        for (int i = 0; i < gradient.values().length; i++) sum += gradient.values()[i] * direction.symmetric(i);
        return sum;
    }
}
