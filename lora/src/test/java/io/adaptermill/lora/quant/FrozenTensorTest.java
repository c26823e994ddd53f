package io.adaptermill.lora.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Vectors and plain loops must agree in every bit, or two machines would train different adapters.
class FrozenTensorTest {
    private static final long SEED = 20260101;
    private static final int ROWS = 6;
    private static final int COLUMNS = 192;
    private static final int GROUPED_COLUMNS = 512;

    @ParameterizedTest
    @EnumSource(BlockTensor.Format.class)
    void blocks_read_by_vectors_and_by_loops_are_the_same_bits(BlockTensor.Format format) {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            BlockTensor tensor = blocks(format, arena);
            Buffers wide = new Buffers(arena);
            Buffers plain = new Buffers(arena);

            // When
            tensor.read(1, ROWS, new Sink(wide.floats, 8, false), true);
            tensor.read(1, ROWS, new Sink(plain.floats, 8, false), false);
            tensor.read(1, ROWS, new Sink(wide.brains, 6, true), true);
            tensor.read(1, ROWS, new Sink(plain.brains, 6, true), false);

            // Then
            assertThat(wide.floats.mismatch(plain.floats)).isEqualTo(-1);
            assertThat(wide.brains.mismatch(plain.brains)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(GroupedTensor.Format.class)
    void groups_read_by_vectors_and_by_loops_are_the_same_bits(GroupedTensor.Format format) {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            GroupedTensor tensor = groups(format, arena);
            long numbers = 4L * GROUPED_COLUMNS;
            MemorySegment wide = arena.allocate(4 * numbers + 8);
            MemorySegment plain = arena.allocate(4 * numbers + 8);

            for (boolean brains : new boolean[] {false, true}) {
                // When
                tensor.read(1, 5, new Sink(wide, 8, brains), true);
                tensor.read(1, 5, new Sink(plain, 8, brains), false);

                // Then
                assertThat(wide.mismatch(plain)).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {192, 64, 96})
    void four_bits_read_by_vectors_and_by_loops_are_the_same(int columns) {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            FourBitQuantiser quantiser = new FourBitQuantiser(FourBitCode.FP4, columns == 192);
            FourBitTensor tensor = quantiser.quantise(dense(columns, arena), arena);
            Buffers wide = new Buffers(arena);
            Buffers plain = new Buffers(arena);

            // When
            tensor.read(1, ROWS, new Sink(wide.floats, 8, false), true);
            tensor.read(1, ROWS, new Sink(plain.floats, 8, false), false);
            tensor.read(1, ROWS, new Sink(wide.brains, 6, true), true);
            tensor.read(1, ROWS, new Sink(plain.brains, 6, true), false);

            // Then
            assertThat(wide.floats.mismatch(plain.floats)).isEqualTo(-1);
            assertThat(wide.brains.mismatch(plain.brains)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {192, 37})
    void eight_bits_read_by_vectors_and_by_loops_are_the_same(int columns) {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            Int8Tensor tensor = Int8Tensor.quantise(dense(columns, arena), arena);
            Buffers wide = new Buffers(arena);
            Buffers plain = new Buffers(arena);

            // When
            tensor.read(1, ROWS, new Sink(wide.floats, 8, false), true);
            tensor.read(1, ROWS, new Sink(plain.floats, 8, false), false);
            tensor.read(1, ROWS, new Sink(wide.brains, 6, true), true);
            tensor.read(1, ROWS, new Sink(plain.brains, 6, true), false);

            // Then
            assertThat(wide.floats.mismatch(plain.floats)).isEqualTo(-1);
            assertThat(wide.brains.mismatch(plain.brains)).isEqualTo(-1);
        }
    }

    @Test
    void eight_bits_refuse_what_float16_cannot_hold() {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            DenseTensor tensor = dense(64, arena);
            tensor.data().set(BrainFloats.FLOAT, 4 * 70, 70_000f);

            // When, Then
            assertThatThrownBy(() -> Int8Tensor.quantise(tensor, arena))
                    .hasMessage("row 1 has a number beyond float16, 65504");
        }
    }

    @Test
    void a_float_rounds_to_the_nearest_brain_float_and_ties_go_to_even() {
        // Given
        int[] bits = {0x3f800000, 0x3f808000, 0x3f808001, 0x3f818000, 0x3f817fff, 0x00000001, 0x80000000, 0xbf808000};

        // When
        int[] rounded = new int[bits.length];
        for (int i = 0; i < bits.length; i++) {
            rounded[i] = BrainFloats.round(Float.intBitsToFloat(bits[i])) & 0xffff;
        }

        // Then
        assertThat(rounded).containsExactly(0x3f80, 0x3f80, 0x3f81, 0x3f82, 0x3f81, 0x0000, 0x8000, 0xbf80);
    }

    @Test
    void a_dense_vector_of_any_length_is_rounded_like_a_single_number() {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            DenseTensor tensor = dense(37, arena);
            MemorySegment brains = arena.allocate(2L * 37);
            MemorySegment floats = arena.allocate(4L * 37);

            // When
            tensor.readBrainFloats(2, 3, brains, 0);
            tensor.readFloats(2, 3, floats, 0);

            // Then
            for (int i = 0; i < 37; i++) {
                float value = floats.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                assertThat(brains.getAtIndex(ValueLayout.JAVA_SHORT, i)).isEqualTo(BrainFloats.round(value));
            }
        }
    }

    @Test
    void bytes_that_do_not_fit_the_shape_are_refused() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[10]);
        assertThatThrownBy(() -> new BlockTensor(1, 32, BlockTensor.Format.Q4_1, bytes))
                .hasMessage("a 1 x 32 Q4_1 tensor has 20 bytes, was 10");
        assertThatThrownBy(() -> new DenseTensor(1, 3, DenseTensor.Format.F32, bytes))
                .hasMessage("a 1 x 3 F32 tensor has 12 bytes, was 10");
        assertThatThrownBy(() -> new GroupedTensor(1, 256, GroupedTensor.Format.Q6_K, bytes))
                .hasMessage("a 1 x 256 Q6_K tensor has 210 bytes, was 10");
        assertThatThrownBy(() -> new GroupedTensor(1, 32, GroupedTensor.Format.Q4_K, bytes))
                .hasMessage("columns must be a multiple of 256, was 32");
        assertThatThrownBy(() -> new BlockTensor(1, 33, BlockTensor.Format.Q4_1, bytes))
                .hasMessage("columns must be a multiple of 32, was 33");
    }

    private static BlockTensor blocks(BlockTensor.Format format, Arena arena) {
        Random random = new Random(SEED);
        int count = ROWS * COLUMNS / BlockTensor.BLOCK;
        byte[] bytes = new byte[count * format.sizeBytes()];
        random.nextBytes(bytes);
        MemorySegment data = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
        for (int block = 0; block < count; block++) {
            long at = (long) block * format.sizeBytes();
            data.set(BrainFloats.SHORT, at, Float.floatToFloat16((float) random.nextGaussian() / 8));
            if (format == BlockTensor.Format.Q4_1) {
                data.set(BrainFloats.SHORT, at + 2, Float.floatToFloat16((float) random.nextGaussian()));
            }
        }
        return new BlockTensor(ROWS, COLUMNS, format, data);
    }

    private static GroupedTensor groups(GroupedTensor.Format format, Arena arena) {
        Random random = new Random(SEED);
        byte[] bytes = new byte[ROWS * (GROUPED_COLUMNS / format.weights()) * format.sizeBytes()];
        random.nextBytes(bytes);
        MemorySegment data = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
        for (long block = 0; block < bytes.length; block += format.sizeBytes()) {
            for (int half : format.halves()) {
                data.set(BrainFloats.SHORT, block + half, Float.floatToFloat16((float) random.nextGaussian()));
            }
        }
        return new GroupedTensor(ROWS, GROUPED_COLUMNS, format, data);
    }

    private static DenseTensor dense(int columns, Arena arena) {
        Random random = new Random(SEED);
        MemorySegment data = arena.allocate(4L * ROWS * columns, 4);
        for (int i = 0; i < ROWS * columns; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian() / 20);
        }
        return new DenseTensor(ROWS, columns, DenseTensor.Format.F32, data);
    }

    private record Buffers(MemorySegment floats, MemorySegment brains) {
        Buffers(Arena arena) {
            this(arena.allocate(4L * ROWS * COLUMNS + 8), arena.allocate(2L * ROWS * COLUMNS + 6));
        }
    }
}
