package io.adaptermill.kafka.seal;

import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/// The deployment's own secret, which wraps every subject's key. It never lies in Kafka: whoever copies the
/// topics without it has nothing.
///
/// Its name is derived from it (the first 32 digits of its sha256), so a wrong file is told at once.
public final class KeyEncryptionKey {
    private static final int BYTES = 32;

    private final KeyId id;
    private final byte[] secret;

    private KeyEncryptionKey(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException(
                    "a key-encryption key must have " + BYTES + " bytes, had " + secret.length);
        }
        this.secret = secret.clone();
        this.id = new KeyId(Digest.of(secret).hex().substring(0, 32));
    }

    /// @param file 32 bytes in base64, as `openssl rand -base64 32` writes them
    /// @throws IllegalArgumentException if the file holds anything else; its content is not in the message
    public static KeyEncryptionKey read(Path file) {
        try {
            return ofBase64(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + " must hold 32 bytes in base64: make one with `openssl rand -base64 32`", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the key-encryption key cannot be read from " + file, e);
        }
    }

    /// A new one, for tests and for whoever stores it himself.
    public static KeyEncryptionKey random(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new KeyEncryptionKey(secret);
    }

    static KeyEncryptionKey ofBase64(String text) {
        return new KeyEncryptionKey(Base64.getDecoder().decode(text));
    }

    public KeyId id() {
        return id;
    }

    public WrappedKey wrap(SubjectKey key, SecureRandom random) {
        byte[] nonce = Gcm.nonce(random);
        byte[] wrapped = Gcm.seal(secret, nonce, bound(key.tenant(), key.id()), key.secret());
        return new WrappedKey(key.tenant(), key.id(), id, nonce, wrapped);
    }

    /// @throws Tampered if it was wrapped for another tenant or id, or its bytes have changed
    /// @throws IllegalArgumentException if another key-encryption key wrapped it
    public SubjectKey unwrap(WrappedKey wrapped) {
        if (!wrapped.wrappedBy().equals(id)) {
            throw new IllegalArgumentException("key " + wrapped.key() + " was wrapped by key-encryption key "
                    + wrapped.wrappedBy() + ", this one is " + id + ": start with the file that was used then");
        }
        byte[] bound = bound(wrapped.tenant(), wrapped.key());
        byte[] plain = Gcm.open(secret, wrapped.nonce(), bound, wrapped.ciphertext(), "key " + wrapped.key());
        return new SubjectKey(wrapped.tenant(), wrapped.key(), plain);
    }

    private static byte[] bound(TenantId tenant, KeyId key) {
        return ("adaptermill.key.v1 " + tenant + " " + key).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "KeyEncryptionKey[" + id + "]";
    }
}
