package io.adaptermill.lora.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.optim.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each Java kernel, forward and backward, against torch's autograd in float32: 1e-5 of the largest number in
/// float32, two roundings in bfloat16.
class KernelGradientTest {
    private static final int ROWS = 24;
    private static final int WIDTH = 48;

    private final Workspace memory = new Workspace();

    @AfterEach
    void close() {
        memory.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_norm_after_a_sum_agrees_with_autograd(Precision precision) {
        // Given
        float[] x = numbers("x", ROWS * WIDTH, Precision.F32);
        float[] y = numbers("y", ROWS * WIDTH, precision);
        float[] w = numbers("w", WIDTH, Precision.F32);
        float[] dn = numbers("dn", ROWS * WIDTH, precision);
        try (Kernels kernels = Kernels.open(precision, 1);
                AutogradOracle oracle = new AutogradOracle("x: Tensor, y: Tensor, w: Tensor, dn: Tensor", """
                        s = torch.add(x, y)
                        q = torch.rsqrt(torch.add(torch.mean(torch.mul(s, s), [-1], True), 1.0e-5))
                        return torch.sum(torch.mul(torch.mul(torch.mul(s, q), w), dn))
                        """)) {
            Tensor sum = memory.tensor(Precision.F32, ROWS, WIDTH);
            Tensor q = memory.tensor(Precision.F32, 1, ROWS);
            Tensor n = memory.tensor(precision, ROWS, WIDTH);
            Tensor again = memory.tensor(precision, ROWS, WIDTH);
            Tensor dx = memory.zeros(Precision.F32, ROWS, WIDTH);
            Tensor dxLow = memory.tensor(precision, ROWS, WIDTH);
            Tensor weight = tensor(w, Precision.F32, 1, WIDTH);

            // When
            RmsNorm.addThenNorm(
                    kernels,
                    tensor(x, Precision.F32, ROWS, WIDTH),
                    tensor(y, precision, ROWS, WIDTH),
                    weight,
                    1e-5,
                    sum,
                    q,
                    n);
            RmsNorm.again(kernels, sum, q, weight, again);
            RmsNorm.backward(kernels, tensor(dn, precision, ROWS, WIDTH), sum, q, weight, dx, dxLow);

            // Then
            AutogradOracle.Truth truth = oracle.of(
                    new AutogradOracle.Input(x, true, ROWS, WIDTH),
                    new AutogradOracle.Input(y, false, ROWS, WIDTH),
                    new AutogradOracle.Input(w, false, WIDTH),
                    new AutogradOracle.Input(dn, false, ROWS, WIDTH));
            assertThat(dot(n, dn)).isCloseTo(truth.value(), within(tolerance(precision) * ROWS));
            assertThat(again.toArray()).isEqualTo(n.toArray());
            assertClose(dx, truth.gradients().getFirst(), 1e-5);
            assertClose(dxLow, truth.gradients().getFirst(), tolerance(precision));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_norm_of_single_heads_agrees_with_autograd(Precision precision) {
        // Given: two heads of sixteen behind one that is left alone
        float[] x = numbers("x", ROWS * WIDTH, precision);
        float[] w = numbers("w", 16, Precision.F32);
        float[] dn = numbers("dn", ROWS * WIDTH, precision);
        try (Kernels kernels = Kernels.open(precision, 1);
                AutogradOracle oracle = new AutogradOracle("x: Tensor, w: Tensor, dn: Tensor", """
                        h = torch.reshape(torch.narrow(x, 1, 16, 32), [24, 2, 16])
                        q = torch.rsqrt(torch.add(torch.mean(torch.mul(h, h), [-1], True), 1.0e-5))
                        n = torch.reshape(torch.mul(torch.mul(h, q), w), [24, 32])
                        y = torch.cat([torch.narrow(x, 1, 0, 16), n], 1)
                        return torch.sum(torch.mul(y, dn))
                        """)) {
            HeadNorm.Span span = new HeadNorm.Span(1, 2, tensor(w, Precision.F32, 1, 16));
            Tensor input = tensor(x, precision, ROWS, WIDTH);
            Tensor n = tensor(x, precision, ROWS, WIDTH);
            Tensor dx = tensor(dn, precision, ROWS, WIDTH);

            // When
            HeadNorm.forward(kernels, span, 1e-5, input, n);
            HeadNorm.backward(kernels, span, 1e-5, input, dx);

            // Then
            AutogradOracle.Truth truth = oracle.of(
                    new AutogradOracle.Input(x, true, ROWS, WIDTH),
                    new AutogradOracle.Input(w, false, 16),
                    new AutogradOracle.Input(dn, false, ROWS, WIDTH));
            assertThat(dot(n, dn)).isCloseTo(truth.value(), within(tolerance(precision) * ROWS));
            assertClose(dx, truth.gradients().getFirst(), tolerance(precision));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_gated_product_agrees_with_autograd(Precision precision) {
        // Given
        float[] gu = numbers("gu", ROWS * 2 * WIDTH, precision);
        for (int i = 0; i < gu.length; i++) gu[i] *= 4;
        float[] da = numbers("da", ROWS * WIDTH, precision);
        try (Kernels kernels = Kernels.open(precision, 1);
                AutogradOracle oracle = new AutogradOracle("gu: Tensor, da: Tensor", """
                        f = da.size(1)
                        a = torch.mul(torch.silu(torch.narrow(gu, 1, 0, f)), torch.narrow(gu, 1, f, f))
                        return torch.sum(torch.mul(a, da))
                        """)) {
            Tensor input = tensor(gu, precision, ROWS, 2 * WIDTH);
            Tensor a = memory.tensor(precision, ROWS, WIDTH);
            Tensor again = memory.tensor(precision, ROWS, WIDTH);
            Tensor dgu = memory.tensor(precision, ROWS, 2 * WIDTH);

            // When
            SwiGlu.forward(kernels, input, a);
            SwiGlu.backward(kernels, input, tensor(da, precision, ROWS, WIDTH), dgu, again);

            // Then
            AutogradOracle.Truth truth = oracle.of(
                    new AutogradOracle.Input(gu, true, ROWS, 2 * WIDTH),
                    new AutogradOracle.Input(da, false, ROWS, WIDTH));
            assertThat(dot(a, da)).isCloseTo(truth.value(), within(tolerance(precision) * ROWS));
            assertThat(again.toArray()).isEqualTo(a.toArray());
            assertClose(dgu, truth.gradients().getFirst(), tolerance(precision));
        }
    }

    @ParameterizedTest
    @EnumSource
    void causal_weights_agree_with_autograd(Precision precision) {
        // Given
        int padded = 32;
        int length = 21;
        SequenceGroup group = new SequenceGroup(new int[] {0}, new int[] {length}, padded);
        float[] scores = numbers("scores", 2 * padded * padded, precision);
        for (int i = 0; i < scores.length; i++) scores[i] *= 8;
        float[] dp = numbers("dp", 2 * padded * padded, precision);
        float[] mask = new float[padded * padded];
        for (int i = 0; i < mask.length; i++) mask[i] = i % padded <= i / padded ? 0 : -1e9f;
        for (int i = 0; i < dp.length; i++) if (i / padded % padded >= length) dp[i] = 0;
        try (Kernels kernels = Kernels.open(precision, 1);
                AutogradOracle oracle = new AutogradOracle("s: Tensor, mask: Tensor, dp: Tensor", """
                        p = torch.softmax(torch.add(torch.mul(s, 0.25), mask), -1)
                        return torch.sum(torch.mul(p, dp))
                        """)) {
            CausalSoftmax softmax = new CausalSoftmax(2, 1, 0.25);
            Tensor p = tensor(scores, precision, 1, 2 * padded, padded);
            Tensor ds = tensor(dp, precision, 1, 2 * padded, padded);

            // When
            softmax.forward(kernels, group, p);
            softmax.backward(kernels, group, p, ds);

            // Then
            AutogradOracle.Truth truth = oracle.of(
                    new AutogradOracle.Input(scores, true, 2, padded, padded),
                    new AutogradOracle.Input(mask, false, padded, padded),
                    new AutogradOracle.Input(dp, false, 2, padded, padded));
            assertThat(dot(p, dp)).isCloseTo(truth.value(), within(tolerance(precision) * ROWS));
            assertClose(ds, truth.gradients().getFirst(), tolerance(precision));
            float[] weights = p.toArray();
            for (int i = 0; i < weights.length; i++) {
                int row = i / padded % padded;
                if (i % padded > row || row >= length) assertThat(weights[i]).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void cross_entropy_agrees_with_autograd_on_a_vocabulary_of_any_size(Precision precision) {
        // Given
        int vocabulary = 149;
        float[] logits = numbers("logits", ROWS * vocabulary, precision);
        for (int i = 0; i < logits.length; i++) logits[i] *= 8;
        int[] targets = new int[ROWS];
        float[] picked = new float[ROWS * vocabulary];
        for (int i = 0; i < ROWS; i++) {
            targets[i] = i == 0 ? vocabulary - 1 : i * 6;
            picked[i * vocabulary + targets[i]] = 1;
        }
        double[] nats = new double[ROWS];
        double[] forwardOnly = new double[ROWS];
        try (Kernels kernels = Kernels.open(precision, 1);
                AutogradOracle oracle = new AutogradOracle("l: Tensor, picked: Tensor", """
                        return torch.neg(torch.sum(torch.mul(torch.log_softmax(l, 1), picked)))
                        """)) {
            Tensor x = tensor(logits, precision, ROWS, vocabulary);

            // When
            CrossEntropy.forward(kernels, x, ROWS, targets, forwardOnly, 0);
            CrossEntropy.forwardAndGradient(kernels, x, ROWS, targets, nats, 0);

            // Then
            AutogradOracle.Truth truth = oracle.of(
                    new AutogradOracle.Input(logits, true, ROWS, vocabulary),
                    new AutogradOracle.Input(picked, false, ROWS, vocabulary));
            assertThat(Arrays.stream(nats).sum()).isCloseTo(truth.value(), within(1e-3));
            assertThat(forwardOnly).isEqualTo(nats);
            assertClose(x, truth.gradients().getFirst(), tolerance(precision));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_divergence_agrees_with_autograd(Precision precision) {
        // Given
        int vocabulary = 150;
        float[] own = numbers("own", ROWS * vocabulary, precision);
        float[] other = numbers("other", ROWS * vocabulary, precision);
        double[] nats = new double[ROWS];
        try (Kernels kernels = Kernels.open(precision, 1);
                AutogradOracle oracle = new AutogradOracle("p: Tensor, q: Tensor", """
                        lp = torch.log_softmax(p, 1)
                        lq = torch.log_softmax(q, 1)
                        return torch.sum(torch.mul(torch.exp(lq), torch.sub(lq, lp)))
                        """)) {
            Tensor held = tensor(other, precision, ROWS, vocabulary);

            // When
            Divergence.gradient(kernels, tensor(own, precision, ROWS, vocabulary), held, ROWS, nats, 0);

            // Then
            AutogradOracle.Truth truth = oracle.of(
                    new AutogradOracle.Input(own, true, ROWS, vocabulary),
                    new AutogradOracle.Input(other, false, ROWS, vocabulary));
            assertThat(Arrays.stream(nats).sum()).isCloseTo(truth.value(), within(1e-3));
            assertClose(held, truth.gradients().getFirst(), tolerance(precision));
        }
    }

    private Tensor tensor(float[] numbers, Precision precision, long... shape) {
        Tensor tensor = memory.tensor(precision, shape);
        tensor.fill(numbers);
        return tensor;
    }

    /// Numbers in [-1, 1) that this precision holds exactly.
    private static float[] numbers(String name, int count, Precision precision) {
        CounterRandom random = new CounterRandom(7, name);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            float number = random.symmetric(i);
            numbers[i] = precision == Precision.F32
                    ? number
                    : Float.intBitsToFloat(Float.floatToRawIntBits(number) & 0xffff0000);
        }
        return numbers;
    }

    private static double tolerance(Precision precision) {
        return switch (precision) {
            case F32 -> 1e-5;
            case BF16 -> 0x1p-7;
        };
    }

    private static double dot(Tensor tensor, float[] weights) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) sum += (double) tensor.get(i) * weights[i];
        return sum;
    }

    private static void assertClose(Tensor actual, float[] expected, double share) {
        double largest = 0;
        for (float number : expected) largest = Math.max(largest, Math.abs(number));
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual.get(i)).as("%s %d", actual, i).isCloseTo(expected[i], within(share * largest));
        }
    }
}
