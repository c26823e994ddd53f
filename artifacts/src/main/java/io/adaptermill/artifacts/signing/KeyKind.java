package io.adaptermill.artifacts.signing;

import java.security.Key;
import java.security.interfaces.ECKey;

/// Which signatures a key makes.
enum KeyKind {
    ED25519("Ed25519", "Ed25519"),
    /// ECDSA on NIST P-256 with SHA-256, in DER: what model signatures take.
    P256("EC", "SHA256withECDSA");

    private static final int P256_BITS = 256;

    private final String keyAlgorithm;
    private final String signatureAlgorithm;

    KeyKind(String keyAlgorithm, String signatureAlgorithm) {
        this.keyAlgorithm = keyAlgorithm;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    String keyAlgorithm() {
        return keyAlgorithm;
    }

    String signatureAlgorithm() {
        return signatureAlgorithm;
    }

    /// Whether a key of this algorithm is one of this kind.
    boolean isOf(Key key) {
        return !(key instanceof ECKey curve)
                || curve.getParams().getCurve().getField().getFieldSize() == P256_BITS;
    }
}
