package io.adaptermill.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/// Keys of a deployment, as OpenSSL writes them.
///
/// @param file a P-256 private key
record TestKeys(Path file) {
    private static final int SEAL_BYTES = 32;

    Path publicFile() {
        return Path.of(file + ".pub");
    }

    static TestKeys signing(Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        TestKeys keys = new TestKeys(file);
        pem(file, "PRIVATE KEY", pair.getPrivate().getEncoded());
        pem(keys.publicFile(), "PUBLIC KEY", pair.getPublic().getEncoded());
        return keys;
    }

    /// A key-encryption key.
    static Path seal(Path file) throws IOException {
        byte[] secret = new byte[SEAL_BYTES];
        new SecureRandom().nextBytes(secret);
        return Files.writeString(file, Base64.getEncoder().encodeToString(secret));
    }

    private static void pem(Path file, String label, byte[] encoded) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(encoded);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }
}
