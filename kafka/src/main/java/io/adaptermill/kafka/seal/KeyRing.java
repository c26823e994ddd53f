package io.adaptermill.kafka.seal;

import io.adaptermill.schemas.id.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The keys that exist, by tenant and name. Thread-safe.
///
/// A key that was destroyed is absent, like one that never was: there is no list of the forgotten. What is
/// being opened at that moment may still open; its bytes in memory go with the garbage.
public final class KeyRing {
    private final KeyEncryptionKey kek;
    private final Map<Owner, SubjectKey> keys = new ConcurrentHashMap<>();

    public KeyRing(KeyEncryptionKey kek) {
        this.kek = kek;
    }

    /// @throws Tampered if it was wrapped for another tenant or id, or its bytes have changed
    public void put(WrappedKey wrapped) {
        keys.put(new Owner(wrapped.tenant(), wrapped.key()), kek.unwrap(wrapped));
    }

    public Optional<SubjectKey> key(TenantId tenant, KeyId id) {
        return Optional.ofNullable(keys.get(new Owner(tenant, id)));
    }

    /// @return whether it was there
    public boolean destroy(TenantId tenant, KeyId id) {
        return keys.remove(new Owner(tenant, id)) != null;
    }

    private record Owner(TenantId tenant, KeyId id) {}
}
