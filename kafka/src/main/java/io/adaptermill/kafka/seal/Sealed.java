package io.adaptermill.kafka.seal;

import java.util.Arrays;

/// A text that only its person's key opens; in JSON, bytes are base64.
///
/// @param nonce 12 bytes
/// @param ciphertext with the 16-byte tag at its end
public record Sealed(KeyId key, byte[] nonce, byte[] ciphertext) {
    private static final int TAG_BYTES = 16;

    public Sealed {
        if (nonce.length != Gcm.NONCE_BYTES) {
            throw new IllegalArgumentException("nonce must have " + Gcm.NONCE_BYTES + " bytes, had " + nonce.length);
        }
        if (ciphertext.length < TAG_BYTES) {
            throw new IllegalArgumentException(
                    "ciphertext must have at least " + TAG_BYTES + " bytes, had " + ciphertext.length);
        }
        nonce = nonce.clone();
        ciphertext = ciphertext.clone();
    }

    @Override
    public byte[] nonce() {
        return nonce.clone();
    }

    @Override
    public byte[] ciphertext() {
        return ciphertext.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sealed that
                && key.equals(that.key)
                && Arrays.equals(nonce, that.nonce)
                && Arrays.equals(ciphertext, that.ciphertext);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(ciphertext);
    }

    @Override
    public String toString() {
        return "Sealed[" + key + ", " + ciphertext.length + " bytes]";
    }
}
