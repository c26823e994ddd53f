package io.adaptermill.lora.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFilesGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("tensors.json");

    @ParameterizedTest
    @ValueSource(strings = {"tiny-q4_1.gguf", "tiny-q4_0.gguf", "tiny-q8_0.gguf", "tiny-f16.gguf", "tiny-bf16.gguf"})
    void a_gguf_file_gives_the_numbers_that_its_makers_read(String name) {
        // Given
        Map<String, String> expected = expected(GOLDEN.path("gguf").path(name));

        // When
        Map<String, String> actual = read(name, BaseStorage.AS_STORED);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void blocks_with_groups_give_the_numbers_of_the_gguf_package() {
        // Given
        JsonNode golden = Golden.json("architectures/llama-k/golden.json").path("tensors");

        // When
        Map<String, String> actual = read("architectures/llama-k.gguf", BaseStorage.NF4_DOUBLED);

        // Then
        assertThat(actual).isEqualTo(expected(golden));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bf16", "tiny-f16-sharded"})
    void a_hugging_face_folder_gives_the_numbers_that_its_makers_read(String name) {
        // Given
        Map<String, String> expected = expected(GOLDEN.path("folder").path(name));

        // When
        Map<String, String> actual = read(name, BaseStorage.AS_STORED);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bf16", "tiny-f16-sharded"})
    void a_16_bit_checkpoint_is_kept_in_the_nf4_of_bitsandbytes(String name) {
        // Given
        Map<String, String> expected = new TreeMap<>();
        GOLDEN.path("folder").path(name).properties().forEach(entry -> {
            JsonNode nf4 = entry.getValue().path("nf4");
            expected.put(entry.getKey(), nf4.isMissingNode() ? line(entry.getValue()) : "nf4+dq " + numbers(nf4));
        });

        // When
        Map<String, String> actual = read(name, BaseStorage.NF4_DOUBLED);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-q4_1.gguf", "tiny-bf16"})
    void the_configuration_is_the_same_from_either_format(String name) {
        // Given
        ModelFiles files = ModelFiles.at(Golden.path(name));

        // When
        try (Checkpoint checkpoint = files.readCheckpoint(BaseStorage.NF4_DOUBLED)) {

            // Then
            assertThat(checkpoint.config())
                    .isEqualTo(new ModelConfig(
                            vocabulary(),
                            2,
                            64,
                            96,
                            4,
                            2,
                            16,
                            128,
                            10_000,
                            1e-5,
                            Set.of(ModelConfig.Feature.TIED_EMBEDDINGS)));
        }
    }

    private static int vocabulary() {
        return Golden.json("tiny-bf16/config.json").path("vocab_size").intValue();
    }

    private static Map<String, String> read(String name, BaseStorage storage) {
        Map<String, String> read = new TreeMap<>();
        try (Checkpoint checkpoint = ModelFiles.at(Golden.path(name)).readCheckpoint(storage);
                Arena arena = Arena.ofConfined()) {
            checkpoint.tensors().forEach((tensor, value) -> read.put(tensor, line(value, arena)));
        }
        return read;
    }

    /// Whole tensors, and the second half of the rows again, which must be where it was.
    private static String line(FrozenTensor tensor, Arena arena) {
        long elements = (long) tensor.rows() * tensor.columns();
        MemorySegment floats = arena.allocate(4 * elements);
        MemorySegment brains = arena.allocate(2 * elements);
        int half = tensor.rows() / 2;
        tensor.readFloats(half, tensor.rows(), floats, 4L * half * tensor.columns());
        tensor.readFloats(0, half, floats, 0);
        tensor.readBrainFloats(half, tensor.rows(), brains, 2L * half * tensor.columns());
        tensor.readBrainFloats(0, half, brains, 0);
        return tensor.storage() + " " + Golden.sha256(floats) + " " + Golden.sha256(brains);
    }

    private static Map<String, String> expected(JsonNode golden) {
        Map<String, String> expected = new TreeMap<>();
        golden.properties().forEach(entry -> expected.put(entry.getKey(), line(entry.getValue())));
        return expected;
    }

    private static String line(JsonNode tensor) {
        return tensor.path("storage").asText() + " " + numbers(tensor);
    }

    private static String numbers(JsonNode tensor) {
        return tensor.path("f32").asText() + " " + tensor.path("bf16").asText();
    }
}
