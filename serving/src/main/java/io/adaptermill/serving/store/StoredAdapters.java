package io.adaptermill.serving.store;

import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.serving.runtime.AdapterSource;

/// Reads artifacts by digest; the store verifies every byte. The optimizer's moments stay behind: serving
/// has no use for them.
public final class StoredAdapters implements AdapterSource {
    private final ArtifactStore store;

    public StoredAdapters(ArtifactStore store) {
        this.store = store;
    }

    @Override
    public Fetched fetch(AdapterRef adapter) {
        AdapterArtifact artifact = store.get(adapter.artifact());
        return new Fetched(
                artifact.provenance().version(),
                artifact.provenance().base(),
                artifact.adapter().withoutOptimizer());
    }
}
