package io.adaptermill.kafka.seal;

import io.adaptermill.schemas.id.TenantId;
import java.util.Arrays;

/// A subject's key as it may lie in a topic: only its key-encryption key opens it.
///
/// @param wrappedBy name of the key-encryption key
/// @param nonce 12 bytes
/// @param ciphertext with the 16-byte tag at its end
public record WrappedKey(TenantId tenant, KeyId key, KeyId wrappedBy, byte[] nonce, byte[] ciphertext) {
    public WrappedKey {
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
        return other instanceof WrappedKey that
                && tenant.equals(that.tenant)
                && key.equals(that.key)
                && wrappedBy.equals(that.wrappedBy)
                && Arrays.equals(nonce, that.nonce)
                && Arrays.equals(ciphertext, that.ciphertext);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(ciphertext);
    }

    @Override
    public String toString() {
        return "WrappedKey[" + tenant + " " + key + ", wrapped by " + wrappedBy + "]";
    }
}
