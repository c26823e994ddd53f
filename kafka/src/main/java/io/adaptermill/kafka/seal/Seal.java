package io.adaptermill.kafka.seal;

import java.security.SecureRandom;
import java.util.Optional;

/// Seals texts under a person's key and opens them again, each only in its place.
public final class Seal {
    private final SecureRandom random;

    public Seal(SecureRandom random) {
        this.random = random;
    }

    /// @throws IllegalArgumentException if the key is another tenant's
    public Sealed seal(SubjectKey key, Place place, byte[] plain) {
        requireSameTenant(key, place);
        byte[] nonce = Gcm.nonce(random);
        return new Sealed(key.id(), nonce, Gcm.seal(key.secret(), nonce, place.bytes(key.id()), plain));
    }

    /// @return absent if the key is gone: then so is the text, for everybody
    /// @throws Tampered if it was not sealed for this place, or its bytes have changed
    public static Optional<byte[]> open(KeyRing ring, Place place, Sealed sealed) {
        return ring.key(place.tenant(), sealed.key())
                .map(key -> Gcm.open(
                        key.secret(),
                        sealed.nonce(),
                        place.bytes(sealed.key()),
                        sealed.ciphertext(),
                        "the text of event " + place.event() + " in " + place.topic()));
    }

    private static void requireSameTenant(SubjectKey key, Place place) {
        if (!key.tenant().equals(place.tenant())) {
            throw new IllegalArgumentException(
                    "a text of tenant " + place.tenant() + " must lie under a key of its own, was " + key);
        }
    }
}
