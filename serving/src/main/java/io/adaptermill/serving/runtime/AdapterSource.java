package io.adaptermill.serving.runtime;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;

/// Where artifacts come from.
@FunctionalInterface
public interface AdapterSource {
    /// @throws RuntimeException if the artifact cannot be had or is not the bytes its digest names; the message says
    /// why
    Fetched fetch(AdapterRef adapter);

    /// An artifact as its manifest describes it.
    ///
    /// @param version what the manifest says it is
    /// @param base fingerprint of the model it was trained on
    record Fetched(VersionId version, Digest base, Adapter adapter) {}
}
