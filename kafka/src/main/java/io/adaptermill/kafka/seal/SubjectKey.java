package io.adaptermill.kafka.seal;

import io.adaptermill.schemas.id.TenantId;
import java.security.SecureRandom;

/// The secret under which one person's texts lie. Whoever loses it cannot read them again, and neither can
/// we.
///
/// Never printed, never serialised: it leaves the process only as a [WrappedKey].
public final class SubjectKey {
    static final int BYTES = 32;

    private final TenantId tenant;
    private final KeyId id;
    private final byte[] secret;

    /// Takes over the array.
    SubjectKey(TenantId tenant, KeyId id, byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a subject's key must have " + BYTES + " bytes, had " + secret.length);
        }
        this.tenant = tenant;
        this.id = id;
        this.secret = secret;
    }

    public static SubjectKey random(TenantId tenant, SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new SubjectKey(tenant, KeyId.random(random), secret);
    }

    public TenantId tenant() {
        return tenant;
    }

    public KeyId id() {
        return id;
    }

    /// The secret itself, not a copy: read only.
    byte[] secret() {
        return secret;
    }

    @Override
    public String toString() {
        return "SubjectKey[" + tenant + " " + id + "]";
    }
}
