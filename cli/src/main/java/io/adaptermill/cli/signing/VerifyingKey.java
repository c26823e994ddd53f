package io.adaptermill.cli.signing;

import io.adaptermill.schemas.id.Digest;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;

/// An Ed25519 key that checks what its private half signed.
public final class VerifyingKey {
    private final PublicKey key;

    private VerifyingKey(PublicKey key) {
        this.key = key;
    }

    /// @param file as `openssl pkey -in KEY -pubout` writes it
    /// @throws IllegalArgumentException if it is no such key
    public static VerifyingKey read(Path file) {
        byte[] encoded = Pem.read(file, "PUBLIC KEY", "openssl pkey -in KEY -pubout -out " + file);
        try {
            return new VerifyingKey(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " must hold an Ed25519 public key", e);
        }
    }

    /// sha256 of its X.509 encoding.
    public String id() {
        return Digest.of(key.getEncoded()).hex();
    }

    boolean verifies(byte[] bytes, byte[] sig) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(bytes);
            return signature.verify(sig);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks Ed25519", e);
        }
    }
}
