package io.adaptermill.lora.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.optim.CounterRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadsTest {
    private static final SequenceGroup GROUP = new SequenceGroup(new int[] {3, 20}, new int[] {17, 5}, 32);
    private static final int ROWS = 32;

    private final Workspace memory = new Workspace();
    private final Kernels kernels = Kernels.open(Precision.F32, 1);

    @AfterEach
    void close() {
        kernels.close();
        memory.close();
    }

    /// 40 leaves a rest beside whole vectors, 12 has no whole vector at all.
    @ParameterizedTest
    @ValueSource(ints = {64, 40, 12})
    void joining_undoes_splitting(int headDim) {
        // Given
        Heads heads = new Heads(4, 2, headDim);
        Rotary rotary = new Rotary(frequencies(headDim), 32);
        Tensor qkv = random(ROWS, 8L * headDim);
        Tensor q = memory.tensor(Precision.F32, 4, 64, headDim);
        Tensor k = memory.tensor(Precision.F32, 4, 32, headDim);
        Tensor v = memory.tensor(Precision.F32, 4, 32, headDim);
        Tensor back = memory.zeros(Precision.F32, ROWS, 8L * headDim);

        // When
        heads.split(kernels, GROUP, rotary, qkv, q, k, v);
        heads.join(kernels, GROUP, rotary, q, k, v, back);

        // Then
        for (int row = 0; row < ROWS; row++) {
            boolean used = row >= 3 && row < 25;
            for (int j = 0; j < 8 * headDim; j++) {
                double expected = used ? qkv.get((long) row * 8 * headDim + j) : 0;
                assertThat((double) back.get((long) row * 8 * headDim + j)).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 12})
    void a_pair_turns_by_its_position_and_padding_is_zero(int headDim) {
        // Given
        Heads heads = new Heads(4, 2, headDim);
        Tensor qkv = random(ROWS, 8L * headDim);
        Tensor q = memory.tensor(Precision.F32, 4, 64, headDim);
        Tensor k = memory.tensor(Precision.F32, 4, 32, headDim);
        Tensor v = memory.tensor(Precision.F32, 4, 32, headDim);

        // When
        heads.split(kernels, GROUP, new Rotary(frequencies(headDim), 32), qkv, q, k, v);

        // Then: head 3 of the second sequence, position 4, pair 1
        int half = headDim / 2;
        long packed = (20 + 4) * 8L * headDim + 3L * headDim;
        double angle = 4 * Math.pow(10_000, -2.0 / headDim);
        double expected = qkv.get(packed + 1) * Math.cos(angle) - qkv.get(packed + half + 1) * Math.sin(angle);
        long batched = ((long) (2 + 1) * 64 + 32 + 4) * headDim;
        assertThat((double) q.get(batched + 1)).isCloseTo(expected, within(1e-6));
        assertThat(v.get((3L * 32 + 4) * headDim)).isEqualTo(qkv.get((20 + 4) * 8L * headDim + 7L * headDim));
        assertThat(k.get((3L * 32 + 5) * headDim)).isZero();
        assertThat(q.get(batched + headDim)).isZero();
    }

    private static float[] frequencies(int headDim) {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) frequencies[i] = (float) Math.pow(10_000, -2.0 * i / headDim);
        return frequencies;
    }

    private Tensor random(long rows, long columns) {
        Tensor tensor = memory.tensor(Precision.F32, rows, columns);
        CounterRandom random = new CounterRandom(11, "heads");
        for (int i = 0; i < tensor.elements(); i++) tensor.set(i, random.symmetric(i));
        return tensor;
    }
}
