package io.adaptermill.lora.quant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.Golden;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Nf4GoldenTest {
    static List<JsonNode> cases() {
        return StreamSupport.stream(Golden.json("nf4.json").path("cases").spliterator(), false)
                .toList();
    }

    @Test
    void the_dynamic_map_has_the_bits_of_bitsandbytes() {
        // Given
        JsonNode map = Golden.json("nf4.json").path("map");

        // When
        float[] expected = new float[map.size()];
        for (int i = 0; i < expected.length; i++) expected[i] = map.get(i).floatValue();

        // Then
        assertThat(DynamicMap.VALUES).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void codes_scales_and_numbers_have_the_bits_of_bitsandbytes(JsonNode golden) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            DenseTensor weight = read(golden, arena);

            // When
            Nf4Tensor nf4 = new Nf4Quantiser().quantise(weight, arena);

            // Then
            assertThat(Golden.sha256(inTheirOrder(nf4)))
                    .as("codes")
                    .isEqualTo(golden.path("codes").asText());
            assertThat(nf4.offset())
                    .as("offset")
                    .isEqualTo(golden.path("offset").floatValue());
            assertThat(Golden.sha256(nf4.scales()))
                    .as("scales")
                    .isEqualTo(golden.path("scales").asText());
            assertThat(Golden.sha256(nf4.absmax()))
                    .as("absmax")
                    .isEqualTo(golden.path("absmax").asText());
            assertThat(Golden.sha256(floats(nf4, arena)))
                    .as("f32")
                    .isEqualTo(golden.path("f32").asText());
            assertThat(Golden.sha256(brains(nf4, arena)))
                    .as("bf16")
                    .isEqualTo(golden.path("bf16").asText());
        }
    }

    private static DenseTensor read(JsonNode golden, Arena arena) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.path(golden.path("file").asText()));
        MemorySegment data = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
        return new DenseTensor(
                golden.path("rows").intValue(), golden.path("columns").intValue(), DenseTensor.Format.BF16, data);
    }

    /// bitsandbytes keeps two neighbours in a byte, the first in the high half, the last block cut off.
    private static MemorySegment inTheirOrder(Nf4Tensor nf4) {
        int elements = nf4.rows() * nf4.columns();
        byte[] packed = new byte[(elements + 1) / 2];
        for (int i = 0; i < packed.length; i++) {
            int second = 2 * i + 1 < elements ? nf4.code(2 * i + 1) : 0;
            packed[i] = (byte) (nf4.code(2 * i) << 4 | second);
        }
        return MemorySegment.ofArray(packed);
    }

    private static MemorySegment floats(Nf4Tensor nf4, Arena arena) {
        MemorySegment out = arena.allocate(4L * nf4.rows() * nf4.columns(), 4);
        nf4.readFloats(0, nf4.rows(), out, 0);
        return out;
    }

    private static MemorySegment brains(Nf4Tensor nf4, Arena arena) {
        MemorySegment out = arena.allocate(2L * nf4.rows() * nf4.columns(), 2);
        IntStream.range(0, nf4.rows()).forEach(row -> nf4.readBrainFloats(row, row + 1, out, 2L * row * nf4.columns()));
        return out;
    }
}
