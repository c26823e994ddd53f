package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// The promoter decided on one candidate: the only place where a version's right to serve comes from.
///
/// @param championBefore what served when it was decided; absent for the bare base model
/// @param reason in words, for people
public record PromotionDecided(
        VersionId version,
        Digest artifact,
        PromotionOutcome outcome,
        Optional<AdapterRef> championBefore,
        String reason)
        implements Event {
    public PromotionDecided {
        Checks.filled("reason", reason);
    }

    public AdapterRef ref() {
        return new AdapterRef(version, artifact);
    }
}
