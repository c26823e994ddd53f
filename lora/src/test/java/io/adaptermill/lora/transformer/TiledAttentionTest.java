package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.optim.CounterRandom;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tiles against the weights held all at once; those are proved against autograd elsewhere.
class TiledAttentionTest {
    private static final ModelConfig CONFIG = TinyLlama.CONFIG;
    private static final int WIDTH = (CONFIG.heads() + 2 * CONFIG.headsKv()) * CONFIG.headDim();
    private static final int NEVER = Integer.MAX_VALUE;

    private record Attended(float[] output, float[] gradient) {}

    /// Two sequences of unlike length in one group, whose last tile is a short one.
    @ParameterizedTest
    @CsvSource({"F32,1e-5", "BF16,2e-2"})
    void tiles_give_the_outputs_and_gradients_of_the_whole(Precision precision, double tolerance) {
        // Given
        TokenBatch batch =
                TokenBatch.of(List.of(new TokenSequence(new int[600], 1), new TokenSequence(new int[560], 1)), 1 << 20);
        assertThat(batch.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.padded() % 128).isNotZero());

        // When
        Attended whole = attend(batch, precision, NEVER);
        Attended tiled = attend(batch, precision, 512);

        // Then
        assertClose(tiled.output(), whole.output(), tolerance);
        assertClose(tiled.gradient(), whole.gradient(), tolerance);
    }

    private static Attended attend(TokenBatch batch, Precision precision, int tiledFrom) {
        try (Kernels kernels = Kernels.open(precision, 2);
                Workspace memory = new Workspace()) {
            Attention attention = new Attention(CONFIG, kernels, tiledFrom);
            Rotary rotary = new Rotary(CONFIG.rotaryFrequencies(), 1024);
            LayerTape tape = new LayerTape(CONFIG, batch, precision, memory);
            AttentionScratch scratch = attention.scratch(batch, memory);
            Tensor qkv = drawn("qkv", batch.rows(), WIDTH, precision, memory);
            attention.forward(batch, rotary, qkv, tape, scratch);
            float[] output = tape.attended.toArray();
            Tensor dOutput = drawn("d", batch.rows(), CONFIG.heads() * CONFIG.headDim(), precision, memory);
            Tensor dqkv = memory.tensor(precision, batch.rows(), WIDTH);
            attention.backward(batch, rotary, dOutput, tape, scratch, dqkv);
            return new Attended(output, dqkv.toArray());
        }
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        double scale = 0;
        for (float number : expected) scale = Math.max(scale, Math.abs(number));
        double apart = 0;
        for (int i = 0; i < actual.length; i++) apart = Math.max(apart, Math.abs(actual[i] - expected[i]));
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(scale).isGreaterThan(0.1);
        assertThat(apart).isCloseTo(0, within(tolerance * scale));
    }

    private static Tensor drawn(String name, int rows, int columns, Precision precision, Workspace memory) {
        CounterRandom random = new CounterRandom(11, name);
        Tensor tensor = memory.tensor(precision, rows, columns);
        for (long i = 0; i < tensor.elements(); i++) tensor.set(i, random.symmetric(i));
        return tensor;
    }
}
