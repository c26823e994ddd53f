package io.adaptermill.artifacts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.AdapterExamples;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.PrivacyLedger;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileArtifactStoreTest {
    @TempDir
    Path root;

    @Test
    void an_artifact_comes_back_as_it_was() {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        AdapterArtifact artifact = AdapterExamples.artifact(AdapterExamples.withOptimizer());

        // When
        Digest digest = store.put(artifact);

        // Then
        assertThat(store.get(digest)).isEqualTo(artifact);
    }

    @Test
    void what_mattered_to_earlier_batches_comes_back_as_it_was() {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        AdapterArtifact artifact = AdapterExamples.artifact(AdapterExamples.withImportance());

        // When
        Digest digest = store.put(artifact);

        // Then
        assertThat(store.get(digest)).isEqualTo(artifact);
        assertThat(digest).isNotEqualTo(store.put(AdapterExamples.artifact(AdapterExamples.withOptimizer())));
    }

    @Test
    void what_privacy_has_cost_comes_back_as_it_was() {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        Adapter adapter = AdapterExamples.withOptimizer();
        PrivacyLedger ledger = PrivacyLedger.EMPTY.plus(new PrivacyLedger.Step(1.1, 1.0 / 3), 12);
        AdapterArtifact artifact = AdapterExamples.artifact(
                adapter.withOptimizer(adapter.optimizer().orElseThrow().withPrivacy(ledger)));

        // When
        Digest digest = store.put(artifact);

        // Then
        assertThat(store.get(digest)).isEqualTo(artifact);
        assertThat(digest).isNotEqualTo(store.put(AdapterExamples.artifact(adapter)));
    }

    /// If this changes, versions trained again get other names: do not edit the digests, find what moved.
    @Test
    void the_files_have_the_same_bytes_for_ever() throws IOException {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);

        // When
        Path folder = store.folder(store.put(AdapterExamples.artifact(AdapterExamples.withOptimizer())));

        // Then
        assertThat(digest(folder.resolve("adapter_config.json")))
                .isEqualTo("sha256:ec679acfa22bf38a17458f663c5cc8382a7225454c19ef900b73ff25d4dabb28");
        assertThat(digest(folder.resolve("adapter_model.safetensors")))
                .isEqualTo("sha256:89ea9dd7542b67cbf5fa7ca499654941cd105d8ab2d20635dbaa101789b24867");
        assertThat(digest(folder.resolve("optimizer.safetensors")))
                .isEqualTo("sha256:12173978abc05fca3ee3a5e2db1958b5dccf0e71315b65af204cd13c2eb6bf30");
    }

    @Test
    void the_same_artifact_has_the_same_digest_in_every_store() {
        // Given
        AdapterArtifact artifact = AdapterExamples.artifact();

        // When
        Digest here = new FileArtifactStore(root.resolve("here")).put(artifact);
        Digest there = new FileArtifactStore(root.resolve("there")).put(artifact);

        // Then
        assertThat(here).isEqualTo(there);
    }

    @Test
    void storing_again_changes_nothing() throws IOException {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        Digest first = store.put(AdapterExamples.artifact());
        Set<Path> before = files();

        // When
        Digest second = store.put(AdapterExamples.artifact());

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void storing_again_heals_an_artifact_whose_bytes_have_rotted() throws IOException {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        Digest digest = store.put(AdapterExamples.artifact());
        Files.writeString(store.folder(digest).resolve("adapter_config.json"), "rotten");

        // When
        store.put(AdapterExamples.artifact());

        // Then
        assertThat(store.get(digest)).isEqualTo(AdapterExamples.artifact());
    }

    /// Repeated, since they must really meet.
    @RepeatedTest(50)
    void writers_that_meet_leave_one_whole_artifact() throws Exception {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);

        // When
        Set<Digest> digests;
        try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
            Callable<Digest> writer = () -> store.put(AdapterExamples.artifact());
            digests = writers.invokeAll(Collections.nCopies(16, writer)).stream()
                    .map(Future::resultNow)
                    .collect(Collectors.toSet());
        }

        // Then
        assertThat(digests).hasSize(1);
        assertThat(store.get(digests.iterator().next())).isEqualTo(AdapterExamples.artifact());
        assertThat(root.resolve("writing")).isEmptyDirectory();
    }

    @Test
    void what_is_not_there_is_missing_not_malformed() {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        Digest digest = Digest.of("nothing".getBytes(StandardCharsets.UTF_8));

        // When, Then
        assertThatThrownBy(() -> store.get(digest))
                .isInstanceOf(ArtifactMissing.class)
                .hasMessageContaining(digest.value());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e38f, -1e5f})
    void an_adapter_with_an_insane_weight_is_never_stored(float weight) throws IOException {
        // Given
        FileArtifactStore store = new FileArtifactStore(root);
        AdapterArtifact artifact = AdapterExamples.artifact(AdapterExamples.holding(weight));

        // When, Then
        assertThatThrownBy(() -> store.put(artifact))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(AdapterExamples.Q);
        assertThat(files()).isEmpty();
    }

    private static String digest(Path file) throws IOException {
        return Digest.of(Files.readAllBytes(file)).value();
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }
}
