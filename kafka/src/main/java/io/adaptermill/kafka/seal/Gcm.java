package io.adaptermill.kafka.seal;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256 in Galois/Counter mode: 96-bit nonces drawn at random, 128-bit tags (NIST SP 800-38D).
///
/// Random nonces are safe for 2^32 messages a key, more than one person will ever say.
final class Gcm {
    static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private Gcm() {}

    static byte[] nonce(SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    /// @return the ciphertext with the tag at its end
    static byte[] seal(byte[] key, byte[] nonce, byte[] bound, byte[] plain) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, nonce, bound).doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks AES in Galois/Counter mode", e);
        }
    }

    /// @throws Tampered if it was not sealed with this key for this place
    static byte[] open(byte[] key, byte[] nonce, byte[] bound, byte[] sealed, String what) {
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, bound).doFinal(sealed);
        } catch (AEADBadTagException e) {
            throw new Tampered(what, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks AES in Galois/Counter mode", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] bound) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(bound);
        return cipher;
    }
}
