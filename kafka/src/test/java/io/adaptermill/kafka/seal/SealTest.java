package io.adaptermill.kafka.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SealTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyEncryptionKey KEK = kek(1);
    private static final Place PLACE = Place.of(ACME, Topics.BATCH_CLOSED, new EventId("e-1"));
    private static final byte[] TEXT = "Return it within 30 days.".getBytes(UTF_8);

    private final KeyRing ring = new KeyRing(KEK);
    private final SubjectKey key = SubjectKey.random(ACME, RANDOM);
    private final Seal seal = new Seal(RANDOM);

    @BeforeEach
    void the_ring_has_the_key() {
        ring.put(KEK.wrap(key, RANDOM));
    }

    @Test
    void what_is_sealed_opens_in_its_place() {
        // When
        Sealed sealed = seal.seal(key, PLACE, TEXT);

        // Then
        assertThat(Seal.open(ring, PLACE, sealed))
                .hasValueSatisfying(plain -> assertThat(plain).isEqualTo(TEXT));
        assertThat(new String(sealed.ciphertext(), UTF_8)).doesNotContain("Return");
    }

    @Test
    void once_the_key_is_destroyed_the_text_is_gone_and_others_are_not() {
        // Given
        SubjectKey other = SubjectKey.random(ACME, RANDOM);
        ring.put(KEK.wrap(other, RANDOM));
        Sealed sealed = seal.seal(key, PLACE, TEXT);
        Sealed others = seal.seal(other, PLACE, TEXT);

        // When
        boolean destroyed = ring.destroy(ACME, key.id());

        // Then
        assertThat(destroyed).isTrue();
        assertThat(Seal.open(ring, PLACE, sealed)).isEmpty();
        assertThat(Seal.open(ring, PLACE, others)).isPresent();
        assertThat(ring.destroy(ACME, key.id())).isFalse();
    }

    static List<Place> other_places() {
        return List.of(
                Place.of(ACME, Topics.HOLDOUT_ASSIGNED, new EventId("e-1")),
                Place.of(ACME, Topics.BATCH_CLOSED, new EventId("e-2")),
                new Place(ACME, "adaptermill.batch.closede", new EventId("-1")));
    }

    @ParameterizedTest
    @MethodSource("other_places")
    void it_opens_nowhere_else(Place place) {
        // Given
        Sealed sealed = seal.seal(key, PLACE, TEXT);

        // Then
        assertThatExceptionOfType(Tampered.class).isThrownBy(() -> Seal.open(ring, place, sealed));
    }

    @Test
    void no_byte_of_it_can_be_changed() {
        // Given
        Sealed sealed = seal.seal(key, PLACE, TEXT);

        // Then
        for (int i = 0; i < sealed.ciphertext().length; i++) {
            Sealed changed = new Sealed(sealed.key(), sealed.nonce(), flipped(sealed.ciphertext(), i));
            assertThatExceptionOfType(Tampered.class).isThrownBy(() -> Seal.open(ring, PLACE, changed));
        }
        for (int i = 0; i < sealed.nonce().length; i++) {
            Sealed changed = new Sealed(sealed.key(), flipped(sealed.nonce(), i), sealed.ciphertext());
            assertThatExceptionOfType(Tampered.class).isThrownBy(() -> Seal.open(ring, PLACE, changed));
        }
    }

    @Test
    void the_same_text_sealed_twice_looks_different() {
        assertThat(seal.seal(key, PLACE, TEXT)).isNotEqualTo(seal.seal(key, PLACE, TEXT));
    }

    @Test
    void a_key_is_its_tenants_alone() {
        // Given
        WrappedKey wrapped = KEK.wrap(key, RANDOM);
        WrappedKey stolen =
                new WrappedKey(GLOBEX, wrapped.key(), wrapped.wrappedBy(), wrapped.nonce(), wrapped.ciphertext());

        // Then
        assertThat(ring.key(GLOBEX, key.id())).isEmpty();
        assertThatExceptionOfType(Tampered.class).isThrownBy(() -> ring.put(stolen));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> seal.seal(key, Place.of(GLOBEX, Topics.BATCH_CLOSED, new EventId("e-1")), TEXT))
                .withMessageContaining("must lie under a key of its own");
    }

    @Test
    void a_wrong_key_encryption_key_is_told_by_name() {
        // Given
        WrappedKey wrapped = kek(2).wrap(key, RANDOM);

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ring.put(wrapped))
                .withMessage("key " + key.id() + " was wrapped by key-encryption key " + kek(2).id() + ", this one is "
                        + KEK.id() + ": start with the file that was used then");
    }

    @Test
    void a_key_file_holds_32_bytes_in_base64_and_its_content_is_never_told(@TempDir Path folder) throws Exception {
        // Given
        Path good = Files.writeString(folder.resolve("good"), base64(1) + "\n");
        Path bad = Files.writeString(folder.resolve("bad"), "c2VjcmV0");

        // Then
        assertThat(KeyEncryptionKey.read(good).id()).isEqualTo(KEK.id());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyEncryptionKey.read(bad))
                .withMessage(bad + " must hold 32 bytes in base64: make one with `openssl rand -base64 32`");
    }

    @Test
    void secrets_are_not_printed() {
        assertThat(key.toString()).isEqualTo("SubjectKey[acme " + key.id() + "]");
        assertThat(KEK.toString()).isEqualTo("KeyEncryptionKey[" + KEK.id() + "]");
    }

    @Test
    void it_survives_json() {
        // Given
        Sealed sealed = seal.seal(key, PLACE, TEXT);
        WrappedKey wrapped = KEK.wrap(key, RANDOM);

        // Then
        assertThat(EventJson.read(EventJson.write(sealed), Sealed.class)).isEqualTo(sealed);
        assertThat(EventJson.read(EventJson.write(wrapped), WrappedKey.class)).isEqualTo(wrapped);
    }

    @Test
    void texts_that_another_implementation_sealed_open() throws Exception {
        // Given
        Golden golden;
        try (var in = Objects.requireNonNull(SealTest.class.getResourceAsStream("/seal/seal-golden.json"))) {
            golden = EventJson.read(in.readAllBytes(), Golden.class);
        }
        KeyRing other = new KeyRing(KeyEncryptionKey.ofBase64(golden.kek()));

        // When
        other.put(golden.wrapped());

        // Then
        assertThat(golden.texts())
                .hasSize(4)
                .allSatisfy(text -> assertThat(Seal.open(
                                other, new Place(ACME, text.topic(), new EventId(text.event())), text.sealed()))
                        .hasValueSatisfying(
                                plain -> assertThat(new String(plain, UTF_8)).isEqualTo(text.text())));
    }

    record Golden(String kek, WrappedKey wrapped, List<GoldenText> texts) {}

    record GoldenText(String topic, String event, String text, Sealed sealed) {}

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }

    private static KeyEncryptionKey kek(int seed) {
        return KeyEncryptionKey.ofBase64(base64(seed));
    }

    private static String base64(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return Base64.getEncoder().encodeToString(bytes);
    }
}
