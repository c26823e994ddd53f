package io.adaptermill.artifacts;

import io.adaptermill.schemas.id.Digest;

/// The store has nothing under a digest.
///
/// *When raised*: on reading. *What to do*: retry with back-off, as the store may be late or not mounted; if it stays,
/// train the version again from its batch.
public final class ArtifactMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ArtifactMissing(Digest digest, String store) {
        super("no artifact %s in %s; check that the store is mounted and shared, or train the version again"
                .formatted(digest, store));
    }
}
