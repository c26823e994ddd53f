package io.adaptermill.lora.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.optim.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LongProductTest {
    private static final int VOCABULARY = 2 * 1024 + 400;

    /// The tolerance is of the largest result; a bfloat16 has 8 bits.
    @ParameterizedTest
    @CsvSource({"F32,576,1e-5", "BF16,576,8e-3", "F32,40,1e-5"})
    void stretches_add_up_to_the_whole_and_rows_stand_alone(Precision precision, int width, double tolerance) {
        try (Kernels kernels = Kernels.open(precision, 2);
                Workspace memory = new Workspace()) {
            // Given
            Tensor w = drawn(memory, "w", precision, VOCABULARY, width);
            Tensor x = drawn(memory, "x", precision, 128, VOCABULARY);
            Tensor whole = memory.tensor(precision, 128, width);
            kernels.products().nn(x, w, whole);

            // When
            Tensor y = memory.tensor(precision, 128, width);
            new LongProduct(kernels, 128, w, memory).nn(x, w, y);

            // Then
            float[] expected = whole.toArray();
            float[] actual = y.toArray();
            double largest = 0;
            for (float number : expected) largest = Math.max(largest, Math.abs(number));
            for (int i = 0; i < actual.length; i++) {
                assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance * largest));
            }
            for (int rows : new int[] {16, 48, 112}) {
                int first = 128 - rows;
                Tensor alone = memory.tensor(precision, rows, width);
                new LongProduct(kernels, 128, w, memory)
                        .nn(memory.view(x, (long) first * VOCABULARY, rows, VOCABULARY), w, alone);
                assertThat(alone.toArray()).isEqualTo(Arrays.copyOfRange(actual, first * width, actual.length));
            }
        }
    }

    private static Tensor drawn(Workspace memory, String name, Precision precision, int rows, int columns) {
        CounterRandom random = new CounterRandom(7, name);
        Tensor tensor = memory.tensor(precision, rows, columns);
        for (long i = 0; i < tensor.elements(); i++) tensor.set(i, random.symmetric(i));
        return tensor;
    }
}
