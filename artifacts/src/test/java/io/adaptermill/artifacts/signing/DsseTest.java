package io.adaptermill.artifacts.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adaptermill.schemas.EventJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `key.pem` and `envelope.json` are other implementations' (`make_dsse_golden.py` beside them).
class DsseTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "signing");
    private static final String TYPE = "application/vnd.adaptermill.erasure-receipt+json";
    private static final byte[] PAYLOAD = "größer als Ω, signed".getBytes(UTF_8);

    @TempDir
    private Path folder;

    @Test
    void we_sign_as_other_implementations_do() throws Exception {
        assertThat(Dsse.of(TYPE, PAYLOAD, goldenKey())).isEqualTo(golden());
    }

    @Test
    void what_other_implementations_signed_verifies() throws Exception {
        assertThat(golden().verified(TYPE, VerifyingKey.read(GOLDEN.resolve("key.pem.pub"))))
                .isEqualTo(PAYLOAD);
    }

    @Test
    void another_text_type_or_key_does_not_verify() throws Exception {
        // Given
        VerifyingKey key = VerifyingKey.read(GOLDEN.resolve("key.pem.pub"));
        Dsse good = golden();
        String other = Base64.getEncoder().encodeToString("größer als Ω, changed".getBytes(UTF_8));

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dsse(TYPE, other, good.signatures()).verified(TYPE, key))
                .withMessage("no signature of it is by the key " + key.id());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dsse("text/plain", good.payload(), good.signatures()).verified(TYPE, key));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Dsse("text/plain", good.payload(), good.signatures()).verified("text/plain", key));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dsse(TYPE, good.payload(), List.of()).verified(TYPE, key));
        assertThatIllegalArgumentException().isThrownBy(() -> good.verified(TYPE, VerifyingKey.read(stranger())));
    }

    @Test
    void keys_that_are_no_pair_are_refused_before_anything_is_signed() throws Exception {
        // Given
        Path stranger = stranger();

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.read(GOLDEN.resolve("key.pem"), stranger))
                .withMessage(stranger + " must be the public key of " + GOLDEN.resolve("key.pem"));
    }

    @Test
    void a_file_that_is_no_key_says_how_to_make_one() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("no.pem"), "secret");

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerifyingKey.read(file))
                .withMessageStartingWith(file + " must hold a PUBLIC KEY in PEM: openssl pkey");
    }

    private Path stranger() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String text = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
        return Files.writeString(
                folder.resolve("stranger.pub"), "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n");
    }

    private static SigningKey goldenKey() {
        return SigningKey.read(GOLDEN.resolve("key.pem"), GOLDEN.resolve("key.pem.pub"));
    }

    private static Dsse golden() throws Exception {
        return EventJson.read(Files.readAllBytes(GOLDEN.resolve("envelope.json")), Dsse.class);
    }
}
