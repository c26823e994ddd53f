package io.adaptermill.artifacts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.AdapterExamples;
import io.adaptermill.artifacts.ArtifactUntrusted;
import io.adaptermill.schemas.id.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedStoreTest {
    private static final Path KEYS = Path.of("src", "test", "resources", "signing");
    private static final Optional<String> KEY =
            Optional.of(KEYS.resolve("model-key.pem").toAbsolutePath().toString());
    private static final Optional<String> PUBLIC = KEY.map(file -> file + ".pub");

    @TempDir
    Path root;

    private final AdapterArtifact artifact = AdapterExamples.artifact(AdapterExamples.withOptimizer());
    private FileArtifactStore files;

    @BeforeEach
    void open() {
        files = new FileArtifactStore(root);
    }

    @Test
    void what_is_signed_comes_back_and_has_the_digest_that_it_has_unsigned() {
        // When
        Digest signed = SignedStore.signing(files, KEY).put(artifact);
        Digest unsigned = SignedStore.signing(files, Optional.empty()).put(artifact);

        // Then
        assertThat(SignedStore.trusting(files, PUBLIC).get(signed)).isEqualTo(artifact);
        assertThat(unsigned).isEqualTo(signed);
    }

    @Test
    void what_is_not_signed_is_refused_where_signatures_are_asked_for_and_given_elsewhere() {
        // Given
        Digest digest = files.put(artifact);

        // Then
        assertThat(SignedStore.trusting(files, Optional.empty()).get(digest)).isEqualTo(artifact);
        assertThatThrownBy(() -> SignedStore.trusting(files, PUBLIC).get(digest))
                .isInstanceOf(ArtifactUntrusted.class)
                .hasMessage(digest + " must not serve: it is not signed: there is no " + files.signatureFile(digest)
                        + "; if it is ours, adaptermill adapters sign " + digest + " --sign-key KEY.pem");
    }

    @Test
    void the_signature_of_another_artifact_is_refused() throws Exception {
        // Given
        Digest digest = SignedStore.signing(files, KEY).put(artifact);
        Digest other = SignedStore.signing(files, KEY).put(AdapterExamples.artifact(AdapterExamples.withImportance()));
        Files.copy(
                files.signatureFile(other),
                files.signatureFile(digest),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        // Then
        assertThatThrownBy(() -> SignedStore.trusting(files, PUBLIC).get(digest))
                .isInstanceOf(ArtifactUntrusted.class)
                .hasMessageContaining("is not what was signed");
    }

    @Test
    void a_signature_that_is_rubbish_is_refused() throws Exception {
        // Given
        Digest digest = SignedStore.signing(files, KEY).put(artifact);
        Files.writeString(files.signatureFile(digest), "rubbish");

        // Then
        assertThatThrownBy(() -> SignedStore.trusting(files, PUBLIC).get(digest))
                .isInstanceOf(ArtifactUntrusted.class)
                .hasMessageContaining("it is no Sigstore bundle");
    }
}
