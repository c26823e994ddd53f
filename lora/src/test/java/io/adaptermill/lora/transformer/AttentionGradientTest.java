package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.AutogradOracle;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.optim.CounterRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Splitting, turning, weighing and joining of heads that share keys, forward and backward in float32, against torch's
/// autograd.
class AttentionGradientTest {
    private static final ModelConfig CONFIG = TinyLlama.CONFIG;
    private static final int TOKENS = 21;
    private static final int WIDTH = 256;
    private static final int OUT = 128;
    private static final int HALF = 16;

    /// Four heads of 32 over two of keys and values.
    private static final String FORWARD = """
            q = torch.permute(torch.reshape(torch.narrow(qkv, 1, 0, 128), [21, 4, 32]), [1, 0, 2])
            k = torch.permute(torch.reshape(torch.narrow(qkv, 1, 128, 64), [21, 2, 32]), [1, 0, 2])
            v = torch.permute(torch.reshape(torch.narrow(qkv, 1, 192, 64), [21, 2, 32]), [1, 0, 2])
            q1 = torch.narrow(q, 2, 0, 16)
            q2 = torch.narrow(q, 2, 16, 16)
            k1 = torch.narrow(k, 2, 0, 16)
            k2 = torch.narrow(k, 2, 16, 16)
            qa = torch.sub(torch.mul(q1, c), torch.mul(q2, s))
            qb = torch.add(torch.mul(q2, c), torch.mul(q1, s))
            ka = torch.sub(torch.mul(k1, c), torch.mul(k2, s))
            kb = torch.add(torch.mul(k2, c), torch.mul(k1, s))
            qr = torch.reshape(torch.cat([qa, qb], 2), [2, 2, 21, 32])
            kr = torch.unsqueeze(torch.cat([ka, kb], 2), 1)
            w = torch.mul(torch.matmul(qr, torch.transpose(kr, 2, 3)), 0.17677669529663687)
            p = torch.softmax(torch.add(w, mask), -1)
            o = torch.reshape(torch.matmul(p, torch.unsqueeze(v, 1)), [4, 21, 32])
            y = torch.reshape(torch.permute(o, [1, 0, 2]), [21, 128])
            return torch.sum(torch.mul(y, d))
            """;

    @Test
    void whole_attention_agrees_with_autograd() {
        // Given
        TokenBatch batch = TokenBatch.of(List.of(new TokenSequence(new int[TOKENS + 1], 1)), 1 << 20);
        Rotary rotary = new Rotary(CONFIG.rotaryFrequencies(), 64);
        float[] qkv = numbers("qkv", batch.rows() * WIDTH, TOKENS * WIDTH);
        float[] d = numbers("d", batch.rows() * OUT, TOKENS * OUT);
        try (Kernels kernels = Kernels.open(Precision.F32, 1);
                Workspace memory = new Workspace();
                AutogradOracle oracle =
                        new AutogradOracle("qkv: Tensor, c: Tensor, s: Tensor, mask: Tensor, d: Tensor", FORWARD)) {
            Attention attention = new Attention(CONFIG, kernels, Integer.MAX_VALUE);
            LayerTape tape = new LayerTape(CONFIG, batch, Precision.F32, memory);
            AttentionScratch scratch = attention.scratch(batch, memory);
            Tensor dqkv = memory.tensor(Precision.F32, batch.rows(), WIDTH);

            // When
            attention.forward(batch, rotary, tensor(qkv, batch.rows(), WIDTH, memory), tape, scratch);
            double value = 0;
            for (int i = 0; i < TOKENS * OUT; i++) value += (double) tape.attended.get(i) * d[i];
            attention.backward(batch, rotary, tensor(d, batch.rows(), OUT, memory), tape, scratch, dqkv);

            // Then
            AutogradOracle.Truth truth = oracle.of(
                    new AutogradOracle.Input(Arrays.copyOf(qkv, TOKENS * WIDTH), true, TOKENS, WIDTH),
                    new AutogradOracle.Input(Arrays.copyOf(rotary.cosines(), TOKENS * HALF), false, TOKENS, HALF),
                    new AutogradOracle.Input(Arrays.copyOf(rotary.sines(), TOKENS * HALF), false, TOKENS, HALF),
                    new AutogradOracle.Input(mask(), false, TOKENS, TOKENS),
                    new AutogradOracle.Input(Arrays.copyOf(d, TOKENS * OUT), false, TOKENS, OUT));
            assertThat(value).isCloseTo(truth.value(), within(1e-4 * Math.abs(truth.value()) + 1e-4));
            float[] expected = truth.gradients().getFirst();
            double largest = 0;
            for (float slope : expected) largest = Math.max(largest, Math.abs(slope));
            assertThat(largest).isPositive();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) dqkv.get(i)).as("number " + i).isCloseTo(expected[i], within(1e-5 * largest));
            }
        }
    }

    private static float[] mask() {
        float[] mask = new float[TOKENS * TOKENS];
        for (int i = 0; i < mask.length; i++) mask[i] = i % TOKENS <= i / TOKENS ? 0 : -1e9f;
        return mask;
    }

    private static Tensor tensor(float[] numbers, int rows, int columns, Workspace memory) {
        Tensor tensor = memory.tensor(Precision.F32, rows, columns);
        tensor.fill(numbers);
        return tensor;
    }

    /// Zero behind the used ones.
    private static float[] numbers(String name, int count, int used) {
        CounterRandom random = new CounterRandom(13, name);
        float[] numbers = new float[count];
        for (int i = 0; i < used; i++) numbers[i] = random.symmetric(i);
        return numbers;
    }
}
