package io.adaptermill.cli.signing;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/// An Ed25519 key that signs (RFC 8032). Never printed.
public final class SigningKey {
    private final PrivateKey key;
    private final String id;

    private SigningKey(PrivateKey key, String id) {
        this.key = key;
        this.id = id;
    }

    /// @param file as `openssl genpkey -algorithm ed25519 -out FILE` writes it
    /// @param publicFile as `openssl pkey -in FILE -pubout -out PUBLIC` writes it; names the key
    /// @throws IllegalArgumentException if they are no such keys, or not a pair
    public static SigningKey read(Path file, Path publicFile) {
        byte[] encoded = Pem.read(file, "PRIVATE KEY", "openssl genpkey -algorithm ed25519 -out " + file);
        VerifyingKey verifying = VerifyingKey.read(publicFile);
        try {
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            SigningKey signing = new SigningKey(key, verifying.id());
            byte[] probe = {1};
            if (!verifying.verifies(probe, signing.sign(probe))) {
                throw new IllegalArgumentException(publicFile + " must be the public key of " + file);
            }
            return signing;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " must hold an Ed25519 private key", e);
        }
    }

    public String id() {
        return id;
    }

    byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks Ed25519", e);
        }
    }
}
