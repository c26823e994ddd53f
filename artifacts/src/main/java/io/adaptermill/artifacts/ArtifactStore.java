package io.adaptermill.artifacts;

import io.adaptermill.schemas.id.Digest;

/// Keeps artifacts under the digest of their manifest, so that a name can never come to mean other bytes.
public interface ArtifactStore {
    /// Stores the artifact, durably before it returns. Storing it again changes nothing and gives the same digest.
    ///
    /// @throws IllegalArgumentException if a weight is not a finite, sane number: such an adapter must not exist
    /// @throws java.io.UncheckedIOException if the medium fails; nothing is visible then, try again
    Digest put(AdapterArtifact artifact);

    /// Reads and verifies: the manifest against the digest, every file against the manifest, every number.
    ///
    /// @throws ArtifactMissing if there is nothing under that digest
    /// @throws MalformedFile if anything about it is not as it must be
    AdapterArtifact get(Digest digest);

    /// Whether there is something under that digest; says nothing about its health.
    boolean contains(Digest digest);
}
