package io.adaptermill.lora.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.source.ModelFiles;
import io.adaptermill.schemas.id.Digest;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
    private static final ModelConfig CONFIG =
            new ModelConfig(100, 2, 64, 96, 4, 2, 16, 128, 10_000, 1e-5, Set.of(ModelConfig.Feature.TIED_EMBEDDINGS));

    /// Every manifest names its base by this; a change orphans every adapter that exists.
    @Test
    void a_base_model_keeps_its_fingerprint_for_ever() {
        assertThat(fingerprint("tiny-q4_1.gguf", BaseStorage.NF4_DOUBLED))
                .isEqualTo(new Digest("sha256:2e334116511e2c5b19edfff1888a6dfe650dca4cde78e674b7a14507512a3e82"));
        assertThat(fingerprint("tiny-bf16", BaseStorage.NF4_DOUBLED))
                .isEqualTo(new Digest("sha256:bbec05341f8e8a0a8267c46e080f3bf1c7bd589744b88579e6946e400e864180"));
    }

    @Test
    void other_weights_have_another_fingerprint() {
        assertThat(fingerprint("tiny-bf16", BaseStorage.NF4_DOUBLED))
                .isNotEqualTo(fingerprint("tiny-bf16", BaseStorage.AS_STORED))
                .isNotEqualTo(fingerprint("tiny-f16-sharded", BaseStorage.NF4_DOUBLED));
    }

    @Test
    void an_adapter_of_this_model_fits() {
        assertThatCode(() -> CONFIG.requireFits(adapter("model.layers.1.mlp.down_proj", 64, 96)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.2.mlp.down_proj, 64, 96",
        "model.layers.1.mlp.down_proj, 96, 64",
        "model.layers.1.mlp.down_proj, 64, 97",
        "model.embed_tokens, 100, 64",
        "model.norm, 1, 64",
        "down_proj, 64, 96"
    })
    void an_adapter_of_another_model_is_refused(String path, int out, int in) {
        assertThatThrownBy(() -> CONFIG.requireFits(adapter(path, out, in)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path)
                .hasMessageContaining("use the base that its manifest names");
    }

    private static Adapter adapter(String path, int out, int in) {
        TreeSet<String> targets = new TreeSet<>(Set.of(path.substring(path.lastIndexOf('.') + 1)));
        TreeMap<String, LowRank> modules = new TreeMap<>();
        modules.put(path, new LowRank(FloatTensor.zeros(2, in), FloatTensor.zeros(out, 2)));
        return new Adapter(new LoraConfig(2, 4, targets), modules, Optional.empty());
    }

    private static Digest fingerprint(String name, BaseStorage storage) {
        try (Checkpoint checkpoint = ModelFiles.at(Golden.path(name)).readCheckpoint(storage)) {
            return checkpoint.fingerprint();
        }
    }
}
