package io.adaptermill.cli.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanReportTest {
    private static final String LLAMA_65B = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 32000, "hidden_size": 8192,
             "intermediate_size": 22016, "num_hidden_layers": 80, "num_attention_heads": 64, "rms_norm_eps": 1e-05,
             "max_position_embeddings": 2048, "tie_word_embeddings": false, "hidden_act": "silu"}
            """;
    private static final PlanReport.Work WORK = new PlanReport.Work(64, 1, 512);

    @TempDir
    Path folder;

    @Test
    void sixty_five_billion_weights_fit_48_gib_and_the_report_says_why() throws IOException {
        // When
        PlanReport report = PlanReport.of(config(), "48GiB", null, null, WORK);

        // Then
        assertThat(report.fits()).isTrue();
        assertThat(report.lines().getFirst()).startsWith("PART");
        assertThat(report.lines())
                .anyMatch(line ->
                        line.startsWith("base: linears") && line.contains("64.76 billion weights in 4.127 bits"))
                .anyMatch(line -> line.startsWith("adapter: moments") && line.contains("paged"))
                .anyMatch(line -> line.startsWith("fits 48.00 GiB, with "));
    }

    @Test
    void what_does_not_fit_is_said_with_how_much_is_too_much() throws IOException {
        // When
        PlanReport report = PlanReport.of(config(), "48GiB", null, "bf16", WORK);

        // Then
        assertThat(report.fits()).isFalse();
        assertThat(report.lines().getLast())
                .startsWith("does not fit 48.00 GiB: ")
                .contains(" too much");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nf4+dq", "nf4", "fp4+dq", "fp4", "int8", "bf16", "q4_k", "q5_0", "q6_k"})
    void every_storage_that_a_base_is_kept_in_can_be_planned(String storage) throws IOException {
        assertThat(PlanReport.of(config(), "200GiB", null, storage, WORK).fits())
                .isTrue();
    }

    @Test
    void a_storage_that_nobody_knows_is_answered_with_those_there_are() {
        assertThatThrownBy(() -> PlanReport.of(config(), "48GiB", null, "int3", WORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NF4_DOUBLE")
                .hasMessageEndingWith("was int3");
    }

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("config.json"), LLAMA_65B);
    }
}
