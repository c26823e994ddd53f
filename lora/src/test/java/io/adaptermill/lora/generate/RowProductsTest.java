package io.adaptermill.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.RowPool;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.quant.BlockTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowProductsTest {
    private static final int N = 21;
    private static final int K = 96;

    @ParameterizedTest
    @EnumSource
    void blocks_in_registers_give_the_bits_of_widened_ones_for_any_number_of_rows(BlockTensor.Format format) {
        try (Arena memory = Arena.ofConfined();
                RowPool pool = new RowPool(1)) {
            // Given
            BlockTensor w = tensor(format, memory);
            RowProducts products = new RowProducts(pool, K);
            for (int rows = 1; rows <= 9; rows++) {
                float[] x = numbers("x", 12 * K);
                float[] expected = new float[12 * N];
                products.multiplyWidened(w, x, rows, expected, N, 0);

                // When
                float[] actual = new float[12 * N];
                products.multiply(w, x, rows, actual, N, 0);

                // Then
                assertThat(Arrays.copyOf(actual, rows * N)).containsExactly(Arrays.copyOf(expected, rows * N));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_product_is_the_sum_of_its_terms(BlockTensor.Format format) {
        try (Arena memory = Arena.ofConfined();
                RowPool pool = new RowPool(2)) {
            // Given
            BlockTensor w = tensor(format, memory);
            float[] weights = new float[N * K];
            w.readFloats(0, N, MemorySegment.ofArray(weights), 0);
            float[] x = numbers("x", 8 * K);

            // When
            float[] y = new float[8 * (N + 5)];
            new RowProducts(pool, K).multiply(w, x, 6, y, N + 5, 3);

            // Then: float32 sums of 96 terms against float64, atol 1e-4
            for (int r = 0; r < 6; r++) {
                for (int n = 0; n < N; n++) {
                    double sum = 0;
                    for (int k = 0; k < K; k++) sum += (double) weights[n * K + k] * x[r * K + k];
                    assertThat((double) y[r * (N + 5) + 3 + n]).isCloseTo(sum, within(1e-4));
                }
            }
        }
    }

    private static BlockTensor tensor(BlockTensor.Format format, Arena memory) {
        int blocks = N * K / BlockTensor.BLOCK;
        MemorySegment data = memory.allocate((long) blocks * format.sizeBytes());
        CounterRandom random = new CounterRandom(5, format.name());
        for (long i = 0; i < data.byteSize(); i++) data.set(ValueLayout.JAVA_BYTE, i, (byte) random.bits(i));
        for (int b = 0; b < blocks; b++) {
            long at = (long) b * format.sizeBytes();
            data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(0.02f * random.symmetric(b)));
            if (format == BlockTensor.Format.Q4_1) {
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, Float.floatToFloat16(0.1f * random.symmetric(-b)));
            }
        }
        return new BlockTensor(N, K, format, data);
    }

    private static float[] numbers(String name, int count) {
        CounterRandom random = new CounterRandom(7, name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = random.symmetric(i);
        return values;
    }
}
