package io.adaptermill.lora.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.lora.Golden;
import io.adaptermill.lora.gguf.GgufFile;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes against the Python package gguf (`make_merged_golden.py`).
class GgufLoraTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2"})
    void the_file_has_the_bytes_that_the_reference_writer_writes(String architecture) throws IOException {
        // Given
        Path file = folder.resolve("adapter.gguf");

        // When
        GgufLora.write(TinyLlama.adapter(2), model(architecture), file);

        // Then
        String expected = Golden.json("merged-base.json")
                .path("adapters")
                .path(architecture)
                .asText();
        assertThat(Digest.of(Files.readAllBytes(file)).hex()).isEqualTo(expected);
    }

    @Test
    void the_file_is_read_back_with_the_names_of_llama_cpp() {
        // Given
        Path file = folder.resolve("adapter.gguf");
        GgufLora.write(TinyLlama.adapter(2), TinyLlama.CONFIG, file);

        // When
        try (GgufFile gguf = GgufFile.map(file)) {
            // Then
            assertThat(gguf.metadata().text("general.type")).isEqualTo("adapter");
            assertThat(gguf.metadata().text("adapter.type")).isEqualTo("lora");
            assertThat(gguf.metadata().findReal("adapter.lora.alpha")).contains(8.0);
            assertThat(gguf.tensors())
                    .hasSize(28)
                    .containsKeys("blk.0.attn_q.weight.lora_a", "blk.1.ffn_down.weight.lora_b");
        }
    }

    @Test
    void no_file_is_overwritten() {
        Path file = folder.resolve("adapter.gguf");
        GgufLora.write(TinyLlama.adapter(2), TinyLlama.CONFIG, file);
        assertThatThrownBy(() -> GgufLora.write(TinyLlama.adapter(3), TinyLlama.CONFIG, file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("adapter.gguf");
    }

    private static ModelConfig model(String architecture) {
        ModelConfig tiny = TinyLlama.CONFIG;
        Set<ModelConfig.Feature> features = EnumSet.copyOf(tiny.features());
        if (architecture.equals("qwen2")) features.add(ModelConfig.Feature.QKV_BIAS);
        return new ModelConfig(
                tiny.vocabulary(),
                tiny.layers(),
                tiny.hidden(),
                tiny.intermediate(),
                tiny.heads(),
                tiny.headsKv(),
                tiny.headDim(),
                tiny.context(),
                tiny.ropeTheta(),
                tiny.ropeScaling(),
                tiny.normEps(),
                features);
    }
}
