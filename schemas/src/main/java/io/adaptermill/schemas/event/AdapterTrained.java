package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// A candidate version exists in the artifact store.
///
/// @param base fingerprint of the frozen base model
/// @param lossNatsFirst mean loss of the first step, nats per token
/// @param lossNatsLast mean loss of the last step, nats per token
/// @param tokens trained on, all epochs together
/// @param holdoutThrough as in the batch
public record AdapterTrained(
        VersionId version,
        Digest artifact,
        BatchId batch,
        Optional<AdapterRef> parent,
        Digest base,
        int steps,
        long tokens,
        double lossNatsFirst,
        double lossNatsLast,
        long holdoutThrough)
        implements Event {
    public AdapterTrained {
        if (!version.equals(VersionId.of(batch))) {
            throw new IllegalArgumentException("version must be " + VersionId.of(batch) + ", was " + version);
        }
        Checks.atLeast("steps", steps, 1);
        Checks.atLeast("tokens", tokens, 1);
        Checks.finite("lossNatsFirst", lossNatsFirst);
        Checks.finite("lossNatsLast", lossNatsLast);
        Checks.atLeast("holdoutThrough", holdoutThrough, 0);
    }

    public AdapterRef ref() {
        return new AdapterRef(version, artifact);
    }
}
