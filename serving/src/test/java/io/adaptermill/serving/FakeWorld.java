package io.adaptermill.serving;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.engine.FakeEngine;
import io.adaptermill.serving.runtime.AdapterSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Instead of a model and a store: any version exists, and its weights are its number.
final class FakeWorld {
    private static final long STEP_NANOS = 200_000;

    @Produces
    @Singleton
    static Engine engine() {
        return new FakeEngine(STEP_NANOS);
    }

    @Produces
    @Singleton
    static AdapterSource source() {
        return new FlakyStore();
    }

    static AdapterRef ref(TenantId tenant, long number) {
        VersionId version = new VersionId(tenant, number);
        return new AdapterRef(version, Digest.of(version.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /// Fails the first reading of every fifth version, as a store does whose mount is late.
    private static final class FlakyStore implements AdapterSource {
        private final Set<VersionId> failed = ConcurrentHashMap.newKeySet();

        @Override
        public Fetched fetch(AdapterRef adapter) {
            VersionId version = adapter.version();
            if (version.number() % 5 == 0 && failed.add(version)) {
                throw new IllegalStateException("the store is late with " + version);
            }
            return new Fetched(version, FakeEngine.BASE, FakeEngine.adapter(version.number()));
        }
    }
}
