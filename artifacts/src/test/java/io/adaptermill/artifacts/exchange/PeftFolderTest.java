package io.adaptermill.artifacts.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterExamples;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.Routing;
import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.artifacts.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders that PEFT wrote (`make_exchange_golden.py`), our own, and those of people who mean harm.
class PeftFolderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"patterns", "rank-stabilised", "plain"})
    void what_peft_saved_does_here_what_it_did_there(String name) throws IOException {
        // Given
        JsonNode expected;
        try (InputStream json = PeftFolderTest.class.getResourceAsStream("/golden/exchange.json")) {
            expected = JSON.readTree(Objects.requireNonNull(json)).path(name);
        }

        // When
        Adapter adapter = PeftFolder.read(golden(name)).adapter();

        // Then
        assertThat(adapter.modules()).hasSize(4).hasSize(expected.size());
        adapter.modules().forEach((path, module) -> {
            Matrix update = Matrix.of(module.b())
                    .times(Matrix.of(module.a()))
                    .times(adapter.config().scale());
            for (int i = 0; i < update.values().length; i++) {
                assertThat(update.values()[i])
                        .isCloseTo(expected.path(path).path(i).asDouble(), within(2e-7));
            }
        });
    }

    @Test
    void a_mixture_is_not_written_because_peft_would_apply_all_of_its_experts_to_every_token() {
        // Given
        Adapter plain = AdapterExamples.adapter();
        SortedMap<String, FloatTensor> routers = new TreeMap<>();
        plain.modules().forEach((path, module) -> routers.put(path, FloatTensor.zeros(2, module.in())));
        Adapter mixture = new Adapter(
                plain.config(),
                plain.modules(),
                Optional.empty(),
                new TreeMap<>(),
                Optional.of(new Routing(1, routers)));

        // When, Then
        assertThatThrownBy(() -> PeftFolder.write(mixture, "sha256:00", folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the adapter is a mixture")
                .hasMessageContaining("train another variant");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void what_we_write_is_read_again_as_the_same_adapter() {
        // When
        PeftFolder.write(AdapterExamples.adapter(), "sha256:00", folder);

        // Then
        assertThat(PeftFolder.read(folder))
                .isEqualTo(new PeftFolder(AdapterExamples.adapter(), Optional.of("sha256:00")));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora|true|use_dora must be off",
                "fan_in_fan_out|true|fan_in_fan_out must be off",
                "lora_bias|true|lora_bias must be off",
                "modules_to_save|[\"lm_head\"]|modules_to_save must be off",
                "layer_replication|[[0,2]]|layer_replication must be off",
                "target_parameters|[\"experts\"]|target_parameters must be off",
                "alora_invocation_tokens|[1]|alora_invocation_tokens must be off",
                "use_qalora|\"yes\"|use_qalora must be off",
                "bias|\"all\"|bias must be none",
                "peft_type|\"VERA\"|peft_type must be LORA",
                "init_lora_weights|\"pissa_niter_4\"|path_initial_model_for_weight_conversion",
                "r|2.5|r must be an integer",
                "r|3|must have rank 3 by the configuration",
                "r|100000|must have rank 100000",
                "lora_alpha|\"8\"|lora_alpha must be a number",
                "lora_alpha|-8|has the scale -4.0",
                "lora_alpha|1e300|has the scale",
                "rank_pattern|{\"(a+)+$\":2}|rank_pattern must map ends of module paths",
                "alpha_pattern|{\"q_proj\":\"x\"}|alpha_pattern must map",
                "alpha_pattern|{\"q_proj\":8,\"self_attn.q_proj\":4}|decide each module once",
                "use_new_mathematics|true|whose effect is not known"
            })
    void a_configuration_that_is_not_surely_plain_is_refused(String key, String value, String reason)
            throws IOException {
        // Given
        PeftFolder.write(AdapterExamples.adapter(), "base", folder);
        Path config = folder.resolve(ArtifactFiles.CONFIG);
        ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
        json.set(key, JSON.readTree(value));
        JSON.writeValue(config.toFile(), json);

        // When, Then
        assertRefused(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "10001"})
    void a_weight_that_is_not_sane_is_refused(String weight) {
        // Given
        PeftFolder.write(AdapterExamples.holding(Float.parseFloat(weight)), "base", folder);

        // When, Then
        assertRefused("in magnitude is sane");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base_model.model.model.layers.0.mlp.down_proj.lora_magnitude_vector|is not a factor",
                "base_model.model.lm_head.weight|is not a factor",
                "model.layers.0.mlp.up_proj.lora_A.weight|is not a factor",
                "base_model.model.model.layers.0.mlp.up_proj.lora_A.weight|lora_B.weight is missing",
                "base_model.model.model.layers.0.mlp.up_proj.lora_B.weight|lora_A.weight is missing",
                "base_model.model.../../etc/q_proj.lora_A.weight|is not at a module's path"
            })
    void a_tensor_that_does_not_belong_is_refused(String name, String reason) throws IOException {
        // Given
        PeftFolder.write(AdapterExamples.adapter(), "base", folder);
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        LowRank module =
                Objects.requireNonNull(AdapterExamples.adapter().modules().get(AdapterExamples.Q));
        tensors.put("base_model.model." + AdapterExamples.Q + ".lora_A.weight", module.a());
        tensors.put("base_model.model." + AdapterExamples.Q + ".lora_B.weight", module.b());
        tensors.put(name, module.a());
        try (OutputStream out = Files.newOutputStream(folder.resolve(ArtifactFiles.WEIGHTS))) {
            SafetensorsWriter.write(new TreeMap<>(), tensors, out);
        }

        // When, Then
        assertRefused(reason);
    }

    @Test
    void a_pickle_a_link_and_an_empty_folder_are_refused() throws IOException {
        assertRefused("adapter_config.json");
        PeftFolder.write(AdapterExamples.adapter(), "base", folder);
        Path weights = folder.resolve(ArtifactFiles.WEIGHTS);
        Files.move(weights, folder.resolve("adapter_model.bin"));
        assertRefused("adapter_model.safetensors");
        Files.createSymbolicLink(weights, folder.resolve("adapter_model.bin"));
        assertRefused("was a link");
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> PeftFolder.read(folder))
                .isInstanceOf(MalformedFile.class)
                .hasMessageContaining(reason);
    }

    private static Path golden(String name) {
        try {
            return Path.of(Objects.requireNonNull(PeftFolderTest.class.getResource("/golden/exchange/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
