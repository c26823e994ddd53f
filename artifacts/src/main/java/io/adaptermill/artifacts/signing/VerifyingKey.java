package io.adaptermill.artifacts.signing;

import io.adaptermill.schemas.id.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// A key that checks what its private half signed: Ed25519, or ECDSA on P-256.
public final class VerifyingKey {
    private static final int PEM_COLUMNS = 64;

    private final PublicKey key;
    private final KeyKind kind;

    private VerifyingKey(PublicKey key, KeyKind kind) {
        this.key = key;
        this.kind = kind;
    }

    /// @param file as `openssl pkey -in KEY -pubout` writes it
    /// @throws IllegalArgumentException if it is no such key
    public static VerifyingKey read(Path file) {
        byte[] encoded = Pem.read(file, "PUBLIC KEY", "openssl pkey -in KEY -pubout -out " + file);
        for (KeyKind kind : KeyKind.values()) {
            try {
                PublicKey key =
                        KeyFactory.getInstance(kind.keyAlgorithm()).generatePublic(new X509EncodedKeySpec(encoded));
                if (kind.isOf(key)) return new VerifyingKey(key, kind);
            } catch (GeneralSecurityException anotherKind) {
                continue;
            }
        }
        throw new IllegalArgumentException(file + " must hold an Ed25519 or a P-256 public key");
    }

    /// sha256 of its X.509 encoding.
    public String id() {
        return Digest.of(key.getEncoded()).hex();
    }

    /// sha256 of its PEM, which is how a model signature's bundle names it.
    String hint() {
        String body = Base64.getMimeEncoder(PEM_COLUMNS, new byte[] {'\n'}).encodeToString(key.getEncoded());
        String pem = "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
        return Digest.of(pem.getBytes(StandardCharsets.US_ASCII)).hex();
    }

    KeyKind kind() {
        return kind;
    }

    boolean verifies(byte[] bytes, byte[] sig) {
        try {
            Signature signature = Signature.getInstance(kind.signatureAlgorithm());
            signature.initVerify(key);
            signature.update(bytes);
            return signature.verify(sig);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks " + kind.signatureAlgorithm(), e);
        }
    }
}
