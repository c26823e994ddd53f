package io.adaptermill.lora.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.lora.Golden;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaseStorageTest {
    private static final String LINEAR = Checkpoint.weight(Linear.UP, 1);
    private static final String PROPERTY = "adaptermill.base-storage";

    @AfterEach
    void forget() {
        System.clearProperty(PROPERTY);
    }

    @ParameterizedTest
    @EnumSource(value = BaseStorage.class, mode = EnumSource.Mode.EXCLUDE, names = "AS_STORED")
    void the_named_storage_keeps_the_linears_of_a_folder_and_nothing_else(BaseStorage storage) {
        // Given
        ModelFiles files = ModelFiles.at(Golden.path("tiny-bf16"));
        System.setProperty(PROPERTY, storage.storage());

        // When
        try (Checkpoint checkpoint = files.readCheckpoint(BaseStorage.configured())) {

            // Then
            assertThat(checkpoint.tensor(LINEAR).storage()).isEqualTo(storage.storage());
            assertThat(checkpoint.tensor(Checkpoint.EMBEDDING).storage()).isEqualTo("bf16");
        }
    }

    @ParameterizedTest
    @EnumSource(BaseStorage.class)
    void a_file_keeps_its_own_blocks(BaseStorage storage) {
        try (Checkpoint checkpoint =
                ModelFiles.at(Golden.path("tiny-q4_1.gguf")).readCheckpoint(storage)) {
            assertThat(checkpoint.tensor(LINEAR).storage()).isEqualTo("q4_1");
        }
    }

    @Test
    void without_a_name_it_is_qloras() {
        assertThat(BaseStorage.configured()).isEqualTo(BaseStorage.NF4_DOUBLED);
    }

    @Test
    void an_unknown_name_is_refused_with_those_that_there_are() {
        // Given
        System.setProperty(PROPERTY, "nf5");

        // When, Then
        assertThatThrownBy(BaseStorage::configured)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[nf4+dq, nf4, fp4+dq, fp4, int8, as-stored], was \"nf5\"")
                .hasMessageContaining("ADAPTERMILL_BASE_STORAGE");
    }
}
