package io.adaptermill.lora.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.lora.Golden;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.schemas.id.Digest;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The demo's own base model; without the file nothing is tested, and `./adaptermill test` fetches it first.
class RealModelTest {
    static Stream<Path> models() {
        return Golden.realModel().stream();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("models")
    void smollm2_is_read_as_it_is_and_keeps_its_fingerprint_for_ever(Path model) {
        // When
        try (Checkpoint checkpoint = ModelFiles.at(model).readCheckpoint(BaseStorage.NF4_DOUBLED)) {

            // Then
            assertThat(checkpoint.config())
                    .isEqualTo(new ModelConfig(
                            49_152,
                            30,
                            576,
                            1536,
                            9,
                            3,
                            64,
                            8192,
                            100_000,
                            1e-5,
                            Set.of(ModelConfig.Feature.TIED_EMBEDDINGS)));
            assertThat(checkpoint.sizeBytes()).isEqualTo(96_576_768);
            assertThat(checkpoint.fingerprint())
                    .isEqualTo(new Digest("sha256:3b568eef2a00cefe5936a6864fcb4cb473d52aaa96fdea0f47dd14ef83183c3d"));
        }
    }
}
