package io.adaptermill.serving.runtime;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.serving.engine.Engine;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What one tenant has here, keyed by artifact digest, never by name: the bytes behind a digest cannot change.
///
/// Owned by the tenant's swap thread.
final class Shelf {
    private final AdapterSource source;
    private final Engine engine;
    private final Map<Digest, AdapterSource.Fetched> fetched = new HashMap<>();
    private final Map<Digest, Engine.Weights> loaded = new HashMap<>();

    Shelf(AdapterSource source, Engine engine) {
        this.source = source;
        this.engine = engine;
    }

    void fetch(AdapterRef adapter) {
        fetched.put(adapter.artifact(), source.fetch(adapter));
    }

    void verify(AdapterRef adapter) {
        Verification.problem(adapter, engine.base(), onShelf(adapter)).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    void load(AdapterRef adapter) {
        loaded.put(adapter.artifact(), engine.load(onShelf(adapter).adapter()));
        fetched.remove(adapter.artifact());
    }

    /// @return whether the engine held it
    boolean unload(AdapterRef adapter) {
        fetched.remove(adapter.artifact());
        return loaded.remove(adapter.artifact()) != null;
    }

    Optional<Engine.Weights> weights(AdapterRef adapter) {
        return Optional.ofNullable(loaded.get(adapter.artifact()));
    }

    private AdapterSource.Fetched onShelf(AdapterRef adapter) {
        AdapterSource.Fetched artifact = fetched.get(adapter.artifact());
        if (artifact == null) throw new IllegalStateException(adapter + " must be fetched before it is used");
        return artifact;
    }
}
