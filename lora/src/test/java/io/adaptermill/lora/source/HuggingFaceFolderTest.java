package io.adaptermill.lora.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceFolderTest {
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.json | \"model_type\": \"llama\" | \"model_type\": \"mamba\" | model_type must be",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"rope_type\":\"yarn\"} | yarn\" is not known",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"rope_type\":\"llama3\"} | factor must be a number",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,\"high_freq_factor\":1,\"original_max_position_embeddings\":8} | below the high one",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"type\":\"linear\",\"factor\":0.5} | must be at least 1",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"type\":\"linear\",\"factor\":\"2\"} | factor must be a number",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"type\":\"default\",\"mrope_section\":[1]} | no setting mrope_section",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"partial_rotary_factor\":0.5} | only a part of each head",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": {\"type\":\"default\"}, \"rope_parameters\": {} | contradict each other",
                "config.json | \"rope_scaling\": null | \"rope_scaling\": 2 | rope_scaling must be an object",
                "config.json | \"rope_theta\": 10000.0 | \"rope_theta\": \"10000\" | rope_theta must be a number",
                "config.json | LlamaForCausalLM | LlamaForSequenceClassification | architectures must be LlamaForCausalLM",
                "config.json | \"rope_scaling\": null | \"auto_map\": {} | brings code of its own",
                "config.json | \"rope_scaling\": null | \"layer_types\": [\"linear_attention\"] | one is \"linear_attention",
                "config.json | \"num_hidden_layers\": 2 | \"num_hidden_layers\": 1 | has no place in the model",
                "config.json | \"rope_scaling\": null | \"quantization_config\": {} | quantised already",
                "config.json | \"silu\" | \"gelu\" | hidden_act must be silu",
                "config.json | \"hidden_size\": 64 | \"hidden_size\": 32 | must have shape",
                "config.json | \"hidden_size\": 64 | \"hidden_size\": \"64\" | hidden_size must be a positive integer",
                "config.json | \"hidden_size\": 64 | \"hidden_size\": 1e30 | hidden_size must be a positive integer",
                "config.json | \"hidden_size\": 64, | '' | hidden_size must be a positive integer",
                "config.json | \"num_hidden_layers\": 2 | \"num_hidden_layers\": 3 | model.layers.2",
                "config.json | \"num_hidden_layers\": 2 | \"num_hidden_layers\": 100000 | layers must be in",
                "config.json | \"num_attention_heads\": 4 | \"num_attention_heads\": 5 | multiple of headsKv",
                "config.json | \"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": -1 | normEps must be in",
                "config.json | \"tie_word_embeddings\": true | \"tie_word_embeddings\": false | lm_head.weight is missing",
                "config.json | \"attention_bias\": false | \"attention_bias\": true | q_proj.bias is missing",
                "config.json | \"attention_bias\": false | \"attention_bias\": 0 | must be true or false",
                "config.json | { | [ | cannot be read as JSON",
                "model.safetensors.index.json | model-00002-of-00002 | ../model-00002-of-00002 | plain file name",
                "model.safetensors.index.json | model-00002-of-00002 | /model-00002-of-00002 | plain file name",
                "model.safetensors.index.json | model.norm.weight | model.worm.weight | worm",
                "tokenizer_config.json | chat_template | no_template | no chat_template",
                "tokenizer_config.json | <|im_start|> | [INST] | chat template is not one that is known",
                "tokenizer.json | <|im_end|> | <|im_bend|> | needs the special token <|im_end|>",
                "tokenizer.json | BPE | XYZ | tokenizer cannot be built",
            })
    void a_folder_that_contradicts_itself_is_refused_with_the_reason(String file, String from, String to, String why)
            throws IOException {
        // Given
        copy("tiny-f16-sharded");
        change(file, from, to);

        // When, Then
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFile.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({"config.json, 4", "tokenizer.json, 128", INDEX + ", 64"})
    void a_file_larger_than_it_can_honestly_be_is_not_read(String file, int megabytes) throws IOException {
        // Given
        copy("tiny-f16-sharded");
        try (var channel = Files.newByteChannel(folder.resolve(file), java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(((long) megabytes << 20) + 1).write(java.nio.ByteBuffer.wrap(new byte[1]));
        }

        // When, Then
        assertThatThrownBy(this::read).isInstanceOf(MalformedFile.class).hasMessageContaining("are read");
    }

    @Test
    void a_folder_without_weights_says_what_is_missing() throws IOException {
        // Given
        copy("tiny-bf16");
        Files.delete(folder.resolve("model.safetensors"));

        // When, Then
        assertThatThrownBy(this::read)
                .isInstanceOf(MalformedFile.class)
                .hasMessageContaining("model.safetensors is missing");
    }

    @Test
    void a_path_that_is_no_model_says_what_was_expected() {
        assertThatThrownBy(() -> ModelFiles.at(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a GGUF file, or a Hugging Face folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"llama\" | TIED_EMBEDDINGS",
                "\"model_type\": \"mistral\" | TIED_EMBEDDINGS",
                "\"model_type\": \"qwen2\" | TIED_EMBEDDINGS QKV_BIAS",
                "\"model_type\": \"qwen3\" | TIED_EMBEDDINGS QK_NORM",
                "\"model_type\": \"llama\", \"mlp_bias\": true | TIED_EMBEDDINGS MLP_BIAS",
            })
    void the_family_is_told_apart_by_its_configuration(String type, String features) throws IOException {
        // Given
        copy("tiny-bf16");
        change("config.json", ", \"mlp_bias\": false", "");
        change("config.json", "\"mlp_bias\": false,", "");
        change("config.json", "\"model_type\": \"llama\"", type);
        change("config.json", "\"LlamaForCausalLM\"", "");

        // When
        Set<Feature> read = HuggingFaceConfig.read(JsonFile.read(folder.resolve("config.json"), 1 << 20))
                .features();

        // Then
        assertThat(read)
                .isEqualTo(Set.copyOf(
                        Stream.of(features.split(" ")).map(Feature::valueOf).toList()));
    }

    @Test
    void the_rotary_base_is_found_where_newer_folders_keep_it() throws IOException {
        // Given
        copy("tiny-bf16");
        change(
                "config.json",
                "\"rope_theta\": 10000.0",
                "\"rope_parameters\": {\"rope_type\":\"default\",\"rope_theta\":500000}");

        // When
        double theta = HuggingFaceConfig.read(JsonFile.read(folder.resolve("config.json"), 1 << 20))
                .ropeTheta();

        // Then
        assertThat(theta).isEqualTo(500_000);
    }

    @ParameterizedTest
    @CsvSource({"true, 32", "false, 128"})
    void no_position_lies_beyond_a_sliding_window(boolean sliding, int context) throws IOException {
        // Given
        copy("tiny-bf16");
        change("config.json", "\"rope_scaling\": null", "\"sliding_window\": 32, \"use_sliding_window\": " + sliding);

        // When
        int read = HuggingFaceConfig.read(JsonFile.read(folder.resolve("config.json"), 1 << 20))
                .context();

        // Then
        assertThat(read).isEqualTo(context);
    }

    private void read() {
        ModelFiles files = ModelFiles.at(folder);
        try (Checkpoint checkpoint = files.readCheckpoint(BaseStorage.NF4_DOUBLED)) {
            assertThat(checkpoint.sizeBytes()).isPositive();
        }
        files.readText().close();
    }

    private void copy(String golden) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(Golden.path(golden))) {
            files = list.toList();
        }
        for (Path file : files) Files.copy(file, folder.resolve(file.getFileName()));
    }

    private void change(String file, String from, String to) throws IOException {
        Path path = folder.resolve(file);
        Files.writeString(path, Files.readString(path).replace(from, to));
    }
}
