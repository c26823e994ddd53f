package io.adaptermill.artifacts;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.util.Optional;

/// Where an adapter comes from: everything that decided its bytes. No clock, no host, so the same training is the same
/// artifact.
///
/// @param version its immutable name
/// @param batch what it was trained on
/// @param parent digest of the artifact that training went on from; absent for the bare base model
/// @param base fingerprint of the frozen base model
/// @param seed of every random choice
public record Provenance(
        VersionId version, BatchId batch, Optional<Digest> parent, Digest base, Recipe recipe, long seed) {
    public Provenance {
        if (!version.tenant().equals(batch.tenant())) {
            throw new IllegalArgumentException("version " + version + " and batch " + batch + " must be one tenant's");
        }
    }

    /// Of what this batch becomes: the trainer and whoever trains it again must say the same, to the byte.
    public static Provenance of(BatchClosed batch, Digest base) {
        return new Provenance(
                VersionId.of(batch.batch()),
                batch.batch(),
                batch.parent().map(AdapterRef::artifact),
                base,
                batch.recipe(),
                batch.seed());
    }
}
