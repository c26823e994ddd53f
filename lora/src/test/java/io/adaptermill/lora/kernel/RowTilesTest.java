package io.adaptermill.lora.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.lora.optim.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTilesTest {
    @Test
    void rows_are_covered_by_the_largest_tiles_first() {
        assertThat(new TileSizes(16, 64, 256).cover(16 + 3 * 64 + 2 * 256)).containsExactly(256, 256, 64, 64, 64, 16);
        assertThatThrownBy(() -> new TileSizes(16, 64).cover(72)).hasMessageContaining("multiple of 16");
    }

    @Test
    void no_tile_leaves_fewer_rows_than_another_can_have() {
        TileSizes sizes = new TileSizes(64, 80, 96, 112, 128);
        assertThat(sizes.cover(144)).containsExactly(80, 64);
        assertThat(sizes.cover(272)).containsExactly(128, 80, 64);
        assertThatThrownBy(() -> sizes.cover(48)).hasMessageContaining("at least 64");
    }

    @Test
    void sizes_serve_if_any_multiple_of_16_can_be_made_of_them() {
        assertThat(new TileSizes(64, 80, 96, 112, 512).coversAll(16, 64)).isTrue();
        assertThat(new TileSizes(16, 64).coversAll(16, 64)).isTrue();
        assertThat(new TileSizes(64, 80, 128).coversAll(16, 64)).isFalse();
    }

    /// The shapes of SmolLM2-135M whose sums are long enough for a library to split them.
    @ParameterizedTest
    @CsvSource({"BF16,576,1536", "BF16,3072,576", "F32,576,1536", "F32,3072,576"})
    void a_row_gets_the_same_bits_whatever_rows_are_beside_it(Precision precision, int out, int in) {
        try (Kernels kernels = Kernels.open(precision, 1);
                Workspace memory = new Workspace()) {
            // Given
            Tensor w = drawn(memory, "w", precision, out, in);
            Tensor x = drawn(memory, "x", precision, 1040, in);
            Tensor dy = drawn(memory, "dy", precision, 1040, out);

            // When
            Tensor y = memory.tensor(precision, 1040, out);
            Tensor dx = memory.tensor(precision, 1040, in);
            kernels.products().rowsNt(x, w, y);
            kernels.products().rowsNn(dy, w, dx);

            // Then
            for (int rows : new int[] {64, 80, 256, 336}) {
                int first = 1040 - rows;
                Tensor yAlone = memory.tensor(precision, rows, out);
                Tensor dxAlone = memory.tensor(precision, rows, in);
                kernels.products().rowsNt(memory.view(x, (long) first * in, rows, in), w, yAlone);
                kernels.products().rowsNn(memory.view(dy, (long) first * out, rows, out), w, dxAlone);
                assertThat(bits(yAlone)).as("%d rows, forward", rows).isEqualTo(tail(y, first, out));
                assertThat(bits(dxAlone)).as("%d rows, backward", rows).isEqualTo(tail(dx, first, in));
            }
        }
    }

    /// So that a version's bits do not depend on how many threads trained it.
    @ParameterizedTest
    @CsvSource({"BF16,960,576", "BF16,3072,576", "BF16,576,1536", "F32,3072,576", "F32,576,1536"})
    void a_number_has_the_same_bits_however_many_threads_share_the_product(Precision precision, int out, int in) {
        try (RowPool pool = new RowPool(3);
                Workspace memory = new Workspace()) {
            // Given
            Tensor w = drawn(memory, "w", precision, out, in);
            Tensor x = drawn(memory, "x", precision, 80, in);
            Tensor dy = drawn(memory, "dy", precision, 80, out);
            List<float[]> results = new ArrayList<>();

            // When
            for (int threads : new int[] {1, 2, 3, 16}) {
                Products products = new Products(pool, new RowTiles(threads));
                Tensor y = memory.tensor(precision, 80, out);
                Tensor dx = memory.tensor(precision, 80, in);
                products.rowsNt(x, w, y);
                products.rowsNn(dy, w, dx);
                results.add(bits(y));
                results.add(bits(dx));
            }

            // Then
            for (int i = 2; i < results.size(); i++) {
                assertThat(results.get(i)).as("result %d", i).isEqualTo(results.get(i % 2));
            }
        }
    }

    @Test
    void numbers_that_cancel_out_leave_only_rounding() {
        try (Kernels kernels = Kernels.open(Precision.F32, 1);
                Workspace memory = new Workspace()) {
            // Given
            Tensor x = memory.tensor(Precision.F32, 16, 512);
            Tensor w = memory.tensor(Precision.F32, 64, 512);
            Cancellation.fillRows(x);
            Cancellation.fillWeight(w, true);

            // When
            Tensor y = memory.tensor(Precision.F32, 16, 64);
            kernels.products().nt(x, w, y);

            // Then
            int rounded = 0;
            for (float sum : y.toArray()) {
                assertThat(Math.abs(sum)).isLessThan(1e-2f);
                if (sum != 0) rounded++;
            }
            assertThat(rounded).isGreaterThan(700);
        }
    }

    private static Tensor drawn(Workspace memory, String name, Precision precision, int rows, int columns) {
        CounterRandom random = new CounterRandom(7, name);
        Tensor tensor = memory.tensor(precision, rows, columns);
        for (long i = 0; i < tensor.elements(); i++) tensor.set(i, random.symmetric(i));
        return tensor;
    }

    private static float[] bits(Tensor tensor) {
        return tensor.toArray();
    }

    private static float[] tail(Tensor tensor, int first, int columns) {
        float[] all = tensor.toArray();
        return Arrays.copyOfRange(all, first * columns, all.length);
    }
}
