package io.adaptermill.artifacts.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// `model.sig` is the reference tool's (`make_model_golden.py` beside it); `scripts/model-signing-check.py` shows the
/// reference tool one of ours.
class ModelSignatureTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "signing");
    private static final VerifyingKey KEY = VerifyingKey.read(GOLDEN.resolve("model-key.pem.pub"));

    @Test
    void what_the_reference_tool_signed_verifies() throws Exception {
        assertThatCode(() -> ModelSignature.verify(golden(), model(), KEY)).doesNotThrowAnyException();
    }

    @Test
    void we_write_what_the_reference_tool_writes() throws Exception {
        // Given
        SigningKey key = SigningKey.read(GOLDEN.resolve("model-key.pem"));

        // When
        ModelSignature.Bundle ours =
                EventJson.read(ModelSignature.sign("model", model(), key), ModelSignature.Bundle.class);

        // Then
        ModelSignature.Bundle theirs = EventJson.read(golden(), ModelSignature.Bundle.class);
        assertThat(ours.mediaType()).isEqualTo(theirs.mediaType());
        assertThat(ours.verificationMaterial()).isEqualTo(theirs.verificationMaterial());
        assertThat(statement(ours)).isEqualTo(statement(theirs));
    }

    @Test
    void a_file_that_is_changed_missing_or_new_is_named() throws Exception {
        // Given
        SortedMap<String, Digest> changed = new TreeMap<>(model());
        changed.put("adapter_config.json", Digest.of(new byte[] {1}));
        SortedMap<String, Digest> missing =
                new TreeMap<>(Map.of("adapter_config.json", model().firstEntry().getValue()));
        SortedMap<String, Digest> more = new TreeMap<>(model());
        more.put("extra.py", Digest.of(new byte[] {1}));

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSignature.verify(golden(), changed, KEY))
                .withMessageStartingWith(
                        "file adapter_config.json is not what was signed: " + Digest.of(new byte[] {1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSignature.verify(golden(), missing, KEY))
                .withMessage("file adapter_model.safetensors was signed and is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSignature.verify(golden(), more, KEY))
                .withMessage("file extra.py was not signed");
    }

    @Test
    void a_changed_statement_does_not_verify_and_what_is_no_bundle_says_so() throws Exception {
        // Given
        ModelSignature.Bundle bundle = EventJson.read(golden(), ModelSignature.Bundle.class);
        String text = new String(payload(bundle), StandardCharsets.UTF_8).replace("files", "shards");
        Dsse forged = new Dsse(
                bundle.dsseEnvelope().payloadType(),
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)),
                bundle.dsseEnvelope().signatures());
        byte[] other =
                EventJson.write(new ModelSignature.Bundle(bundle.mediaType(), bundle.verificationMaterial(), forged));

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSignature.verify(other, model(), KEY))
                .withMessage("no signature of it is by the key " + KEY.id());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSignature.verify("{}".getBytes(StandardCharsets.UTF_8), model(), KEY))
                .withMessage("it is no Sigstore bundle with a model signature");
    }

    @Test
    void a_key_that_model_signatures_do_not_know_is_refused() {
        // Given
        SigningKey edwards = SigningKey.read(GOLDEN.resolve("key.pem"));

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSignature.sign("model", model(), edwards))
                .withMessageStartingWith("models are signed with a P-256 key: openssl genpkey");
    }

    private static byte[] golden() throws IOException {
        return Files.readAllBytes(GOLDEN.resolve("model.sig"));
    }

    private static SortedMap<String, Digest> model() throws IOException {
        SortedMap<String, Digest> files = new TreeMap<>();
        for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            files.put(name, Digest.of(Files.readAllBytes(GOLDEN.resolve("model").resolve(name))));
        }
        return files;
    }

    private static ModelSignature.Statement statement(ModelSignature.Bundle bundle) {
        return EventJson.read(payload(bundle), ModelSignature.Statement.class);
    }

    private static byte[] payload(ModelSignature.Bundle bundle) {
        return Base64.getDecoder().decode(bundle.dsseEnvelope().payload());
    }
}
