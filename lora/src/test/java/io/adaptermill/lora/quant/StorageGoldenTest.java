package io.adaptermill.lora.quant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.Golden;
import io.adaptermill.testkit.Parity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Codes, maxima and numbers of bitsandbytes (`make_golden.py`, `make_storage_golden.py`), bit by bit.
class StorageGoldenTest {
    /// One weight kept in one way.
    record Case(String file, int rows, int columns, String storage, JsonNode golden) {
        @Override
        public String toString() {
            return storage + " " + file;
        }

        DenseTensor weight(Arena arena) {
            byte[] bytes = read(Golden.path(file));
            MemorySegment data = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
            return new DenseTensor(rows, columns, DenseTensor.Format.BF16, data);
        }

        String text(String key) {
            return golden.path(key).asText();
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (JsonNode weight : Golden.json("storage.json").path("cases")) {
            weight.path("storages")
                    .properties()
                    .forEach(kept -> cases.add(new Case(
                            weight.path("file").asText(),
                            weight.path("rows").intValue(),
                            weight.path("columns").intValue(),
                            kept.getKey(),
                            kept.getValue())));
        }
        for (JsonNode weight : Golden.json("nf4.json").path("cases")) {
            cases.add(new Case(
                    weight.path("file").asText(),
                    weight.path("rows").intValue(),
                    weight.path("columns").intValue(),
                    "nf4+dq",
                    weight));
        }
        return cases;
    }

    static List<Case> fourBits() {
        return cases().stream().filter(each -> !each.storage.equals("int8")).toList();
    }

    static List<Case> eightBits() {
        return cases().stream().filter(each -> each.storage.equals("int8")).toList();
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
    @MethodSource("fourBits")
    void four_bits_have_the_codes_maxima_and_numbers_of_bitsandbytes(Case kept) {
        try (Arena arena = Arena.ofConfined()) {
            // Given
            FourBitCode code = kept.storage.startsWith("fp4") ? FourBitCode.FP4 : FourBitCode.NF4;
            FourBitQuantiser quantiser = new FourBitQuantiser(code, kept.storage.endsWith("+dq"));

            // When
            FourBitTensor tensor = quantiser.quantise(kept.weight(arena), arena);

            // Then
            assertThat(tensor.storage()).isEqualTo(kept.storage);
            assertThat(Golden.sha256(inTheirOrder(tensor))).as("codes").isEqualTo(kept.text("codes"));
            switch (tensor.maxima()) {
                case BlockMaxima.Plain plain ->
                    assertThat(Golden.sha256(plain.maxima())).as("maxima").isEqualTo(kept.text("maxima"));
                case BlockMaxima.Doubled doubled -> {
                    assertThat(doubled.offset())
                            .as("offset")
                            .isEqualTo(kept.golden.path("offset").floatValue());
                    assertThat(Golden.sha256(doubled.scales())).as("scales").isEqualTo(kept.text("scales"));
                    assertThat(Golden.sha256(doubled.maxima()))
                            .as("maxima")
                            .isEqualTo(kept.text(kept.golden.has("absmax") ? "absmax" : "maxima"));
                }
            }
            assertNumbers(kept, tensor, arena);
        }
    }

    @ParameterizedTest
    @MethodSource("eightBits")
    void eight_bits_have_the_codes_maxima_and_numbers_of_bitsandbytes(Case kept) {
        try (Arena arena = Arena.ofConfined()) {
            // When
            Int8Tensor tensor = Int8Tensor.quantise(kept.weight(arena), arena);

            // Then
            assertThat(Golden.sha256(tensor.maxima())).as("maxima").isEqualTo(kept.text("maxima"));
            assertThat(Golden.sha256(tensor.codes())).as("codes").isEqualTo(kept.text("codes"));
            assertNumbers(kept, tensor, arena);
        }
    }

    @ParameterizedTest
    @EnumSource(FourBitCode.class)
    void every_level_is_its_own_nearest(FourBitCode code) {
        for (int i = 0; i < code.levels().length; i++) {
            float level = code.levels()[i];
            assertThat(code.levels()[code.encode(level)]).isEqualTo(level);
        }
    }

    private static void assertNumbers(Case kept, FrozenTensor tensor, Arena arena) {
        assertThat(Golden.sha256(floats(tensor, arena))).as("f32").isEqualTo(kept.text("f32"));
        assertThat(Golden.sha256(brains(tensor, arena))).as("bf16").isEqualTo(kept.text("bf16"));
        Parity.note(
                "Storage of the base",
                kept.storage(),
                "bitsandbytes",
                "codes, scales, and the numbers they stand for",
                0,
                0);
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// bitsandbytes keeps two neighbours in a byte, the first in the high half, the last block cut off.
    private static MemorySegment inTheirOrder(FourBitTensor tensor) {
        int elements = tensor.rows() * tensor.columns();
        byte[] packed = new byte[(elements + 1) / 2];
        for (int i = 0; i < packed.length; i++) {
            int second = 2 * i + 1 < elements ? tensor.code(2 * i + 1) : 0;
            packed[i] = (byte) (tensor.code(2 * i) << 4 | second);
        }
        return MemorySegment.ofArray(packed);
    }

    private static MemorySegment floats(FrozenTensor tensor, Arena arena) {
        MemorySegment out = arena.allocate(4L * tensor.rows() * tensor.columns(), 4);
        tensor.readFloats(0, tensor.rows(), out, 0);
        return out;
    }

    private static MemorySegment brains(FrozenTensor tensor, Arena arena) {
        MemorySegment out = arena.allocate(2L * tensor.rows() * tensor.columns(), 2);
        IntStream.range(0, tensor.rows())
                .forEach(row -> tensor.readBrainFloats(row, row + 1, out, 2L * row * tensor.columns()));
        return out;
    }
}
