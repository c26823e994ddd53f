package io.adaptermill.artifacts;

import io.adaptermill.schemas.id.Digest;

/// An artifact is not signed, or not by whom it must be.
///
/// *When raised*: on reading where signatures are asked for, before any byte reaches a model. *What to do*: never
/// retry;
/// keep what was loaded before. If the artifact is one's own, sign it: `adaptermill adapters sign`.
public final class ArtifactUntrusted extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /// @param problem what is wrong with its signature
    public ArtifactUntrusted(Digest digest, String problem) {
        super("%s must not serve: %s; if it is ours, adaptermill adapters sign %s --sign-key KEY.pem"
                .formatted(digest, problem, digest));
    }
}
