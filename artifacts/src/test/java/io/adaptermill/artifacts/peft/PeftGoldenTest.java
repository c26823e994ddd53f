package io.adaptermill.artifacts.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.AdapterExamples;
import io.adaptermill.artifacts.LoraConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftGoldenTest {
    @Test
    void weights_have_the_bytes_that_the_reference_library_writes() throws IOException {
        // Given
        byte[] expected;
        try (InputStream golden = PeftGoldenTest.class.getResourceAsStream("/golden/adapter_model.safetensors")) {
            expected = Objects.requireNonNull(golden).readAllBytes();
        }

        // When
        ByteArrayOutputStream actual = new ByteArrayOutputStream();
        PeftWeights.write(AdapterExamples.adapter().modules(), actual);

        // Then
        assertThat(actual.toByteArray()).isEqualTo(expected);
    }

    @Test
    void the_configuration_has_the_fields_of_peft_in_its_order() {
        // When
        String json = new String(PeftConfig.write(AdapterExamples.config(), "sha256:00"), StandardCharsets.UTF_8);

        // Then
        assertThat(json).isEqualTo("""
                {
                  "alpha_pattern" : { },
                  "auto_mapping" : null,
                  "base_model_name_or_path" : "sha256:00",
                  "bias" : "none",
                  "fan_in_fan_out" : false,
                  "inference_mode" : true,
                  "init_lora_weights" : true,
                  "layer_replication" : null,
                  "layers_pattern" : null,
                  "layers_to_transform" : null,
                  "lora_alpha" : 4,
                  "lora_dropout" : 0.0,
                  "modules_to_save" : null,
                  "peft_type" : "LORA",
                  "r" : 2,
                  "rank_pattern" : { },
                  "revision" : null,
                  "target_modules" : [
                    "down_proj",
                    "q_proj"
                  ],
                  "task_type" : "CAUSAL_LM",
                  "use_dora" : false,
                  "use_rslora" : false
                }""");
    }

    @Test
    void a_configuration_comes_back_as_it_was() {
        // Given
        LoraConfig config = new LoraConfig(3, 4.5, AdapterExamples.config().targets());

        // When
        LoraConfig read = PeftConfig.read(PeftConfig.write(config, "sha256:00"));

        // Then
        assertThat(read).isEqualTo(config);
    }

    @Test
    void ranks_and_scales_of_single_modules_come_back_as_they_were() {
        // Given
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        ranks.put("layers.0.self_attn.q_proj", 5);
        ranks.put("q_proj", 4);
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        alphas.put("mlp.down_proj", 9.0);
        LoraConfig config = new LoraConfig(2, 4, AdapterExamples.config().targets(), true, ranks, alphas);

        // When
        LoraConfig read = PeftConfig.read(PeftConfig.write(config, "sha256:00"));

        // Then
        assertThat(read).isEqualTo(config);
        assertThat(read.rank("model.layers.0.self_attn.q_proj")).isEqualTo(5);
        assertThat(read.rank("model.layers.10.self_attn.q_proj")).isEqualTo(4);
        assertThat(read.scale("model.layers.3.mlp.down_proj")).isEqualTo(9 / Math.sqrt(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"fan_in_fan_out\" : false | \"fan_in_fan_out\" : true | fan_in_fan_out must be false",
                "\"LORA\" | \"VERA\" | peft_type must be LORA",
                "\"r\" : 2 | \"r\" : 0 | rank must be in",
                "\"r\" : 2 | \"r\" : 2000000000 | rank must be in",
                "\"r\" : 2 | \"r\" : 2.5 | r must be an integer",
                "\"r\" : 2 | \"r\" : 2, \"r\" : 2 | not the JSON it must be",
                "\"rank_pattern\" : { } | \"rank_pattern\" : {\"a.*\":1} | a pattern must be the end of a module path",
                "\"rank_pattern\" : { } | \"rank_pattern\" : {\"a\":1.5} | rank_pattern must give numbers",
                "\"alpha_pattern\" : { } | \"alpha_pattern\" : {\"a\":-1} | alpha must be positive",
                "\"q_proj\" | \"../q\" | plain module name",
                "\"lora_alpha\" : 4 | \"lora_alpha\" : 1e999 | alpha must be positive and finite",
            })
    void a_configuration_that_means_another_adapter_is_refused(String from, String to, String why) {
        // Given
        String json = new String(PeftConfig.write(AdapterExamples.config(), "sha256:00"), StandardCharsets.UTF_8);
        byte[] changed = json.replace(from, to).getBytes(StandardCharsets.UTF_8);

        // When, Then
        assertThat(json).contains(from);
        assertThatThrownBy(() -> PeftConfig.read(changed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
