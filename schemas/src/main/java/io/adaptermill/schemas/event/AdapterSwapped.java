package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// A serving replica changed the version that answers for a tenant.
///
/// @param from absent if the bare base model answered before
/// @param swapMillis from the first byte fetched to the new version answering
/// @param requestsDrained requests that finished on the old version after the change
public record AdapterSwapped(
        Optional<VersionId> from, VersionId to, Digest artifact, String replica, long swapMillis, int requestsDrained)
        implements Event {
    public AdapterSwapped {
        Checks.filled("replica", replica);
        Checks.atLeast("swapMillis", swapMillis, 0);
        Checks.atLeast("requestsDrained", requestsDrained, 0);
    }
}
