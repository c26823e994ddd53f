package io.adaptermill.artifacts.signing;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/// A key that signs: Ed25519 (RFC 8032), or ECDSA on P-256. Never printed.
public final class SigningKey {
    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey key, VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    /// The pair that lies side by side: `KEY.pem` and `KEY.pem.pub`.
    public static SigningKey read(Path file) {
        return read(file, Path.of(file + ".pub"));
    }

    /// @param file as `openssl genpkey -algorithm ed25519 -out FILE` writes it, or `openssl genpkey -algorithm EC
    ///     -pkeyopt ec_paramgen_curve:P-256 -out FILE`
    /// @param publicFile as `openssl pkey -in FILE -pubout -out PUBLIC` writes it; names the key
    /// @throws IllegalArgumentException if they are no such keys, or not a pair
    public static SigningKey read(Path file, Path publicFile) {
        VerifyingKey verifying = VerifyingKey.read(publicFile);
        byte[] encoded = Pem.read(file, "PRIVATE KEY", "openssl genpkey -algorithm ed25519 -out " + file);
        KeyKind kind = verifying.kind();
        try {
            PrivateKey key =
                    KeyFactory.getInstance(kind.keyAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            SigningKey signing = new SigningKey(key, verifying);
            byte[] probe = {1};
            if (!verifying.verifies(probe, signing.sign(probe))) {
                throw new IllegalArgumentException(publicFile + " must be the public key of " + file);
            }
            return signing;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " must hold the private key of " + publicFile, e);
        }
    }

    public String id() {
        return verifying.id();
    }

    VerifyingKey verifying() {
        return verifying;
    }

    byte[] sign(byte[] bytes) {
        KeyKind kind = verifying.kind();
        try {
            Signature signature = Signature.getInstance(kind.signatureAlgorithm());
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks " + kind.signatureAlgorithm(), e);
        }
    }
}
