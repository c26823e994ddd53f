package io.adaptermill.schemas.event;

import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;

/// A version and the digest of its artifact's manifest: the name and the proof.
public record AdapterRef(VersionId version, Digest artifact) {}
