package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.transformer.AdapterLayout.Experts;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Gates of two modules side by side, three experts of rank 2 of which two count, against what their formulas say.
class TokenGatesTest {
    private static final Experts EXPERTS = new Experts(3, 2);
    private static final int RANK = 6;
    private static final int WIDTH = RANK + 3;
    private static final int ROWS = 5;
    private static final int USED = 4;
    private static final double STEP = 1e-3;

    private final Kernels kernels = Kernels.open(Precision.F32, 1);
    private final Workspace memory = new Workspace();
    private final TokenGates gates = new TokenGates(slots());

    @AfterEach
    void close() {
        memory.close();
        kernels.close();
    }

    private static List<Slot> slots() {
        LoraConfig lora = new LoraConfig(RANK, RANK, new TreeSet<>(Set.of("gate_proj", "up_proj")));
        return new AdapterLayout(TinyLlama.CONFIG, lora, Set.of(Part.ROUTER), EXPERTS, slot -> 0)
                .slots(0, Fused.GATE_UP);
    }

    @Test
    void a_token_sees_its_two_best_experts_by_their_shares_and_none_of_the_third() {
        // Given: scores 1, 3 and 2 for the second module of the first token
        Tensor u = drawn(1);
        u.set(WIDTH + RANK, 1);
        u.set(WIDTH + RANK + 1, 3);
        u.set(WIDTH + RANK + 2, 2);

        // When
        Tensor gated = forward(u);

        // Then
        double best = 1 / (1 + Math.exp(-1));
        for (int c = 0; c < RANK; c++) {
            double share = List.of(0.0, best, 1 - best).get(c / 2);
            assertThat(gated.get(WIDTH + c)).isCloseTo((float) (share * u.get(WIDTH + c)), within(1e-6f));
        }
    }

    @Test
    void of_equal_scores_the_earlier_experts_win() {
        // Given
        Tensor u = drawn(1);
        for (int e = 0; e < 3; e++) u.set(RANK + e, 7);

        // When
        Tensor gated = forward(u);

        // Then
        for (int c = 0; c < RANK; c++) assertThat(gated.get(c)).isEqualTo(c < 4 ? u.get(c) / 2 : 0);
    }

    @Test
    void the_backward_of_gates_and_balance_is_the_slope_of_their_sum() {
        // Given
        double balance = 0.3;
        Tensor u = drawn(2);
        Tensor v = drawn(3);
        for (int i = USED * 2 * WIDTH; i < ROWS * 2 * WIDTH; i++) v.set(i, 0);

        // When
        Tensor gradient = copy(v);
        gates.balance(balance);
        gates.backward(kernels, u, USED, gradient);

        // Then: the last row has no token, so it counts for nothing
        for (int i = 0; i < ROWS * 2 * WIDTH; i++) {
            float before = u.get(i);
            u.set(i, (float) (before + STEP));
            double up = loss(u, v, balance);
            u.set(i, (float) (before - STEP));
            double down = loss(u, v, balance);
            u.set(i, before);
            double slope = i < USED * 2 * WIDTH ? (up - down) / (2 * STEP) : 0;
            assertThat((double) gradient.get(i)).as("number " + i).isCloseTo(slope, within(2e-3));
        }
    }

    /// `Σ v ⊙ gated` over the experts' columns, and `balance` times each token's `E Σ f P` at each router.
    private double loss(Tensor u, Tensor v, double balance) {
        Tensor gated = forward(u);
        double sum = 0;
        for (int first = 0; first < 2 * WIDTH; first += WIDTH) {
            double[] chosen = new double[3];
            double[] probability = new double[3];
            for (int t = 0; t < USED; t++) {
                int row = t * 2 * WIDTH + first;
                double all = 0;
                for (int e = 0; e < 3; e++) all += Math.exp(u.get(row + RANK + e));
                for (int c = 0; c < RANK; c++) sum += (double) v.get(row + c) * gated.get(row + c);
                for (int e = 0; e < 3; e++) {
                    probability[e] += Math.exp(u.get(row + RANK + e)) / all;
                    if (gated.get(row + 2 * e) != 0) chosen[e]++;
                }
            }
            for (int e = 0; e < 3; e++) sum += balance * 3 * chosen[e] / (2.0 * USED) * probability[e];
        }
        return sum;
    }

    private Tensor forward(Tensor u) {
        Tensor gated = memory.tensor(Precision.F32, ROWS, 2 * WIDTH);
        gates.forward(kernels, u, gated);
        return gated;
    }

    private Tensor drawn(long seed) {
        Tensor tensor = memory.tensor(Precision.F32, ROWS, 2 * WIDTH);
        CounterRandom random = new CounterRandom(seed, "gates");
        for (int i = 0; i < ROWS * 2 * WIDTH; i++) tensor.set(i, random.symmetric(i));
        return tensor;
    }

    private Tensor copy(Tensor tensor) {
        Tensor copy = memory.tensor(Precision.F32, ROWS, 2 * WIDTH);
        copy.memory().copyFrom(tensor.memory());
        return copy;
    }
}
