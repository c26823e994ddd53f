package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.VersionId;

/// A serving replica went back from a version to the bare base model, which answers for the tenant since.
///
/// @param from what answered before
/// @param swapMillis from the pointer's removal seen to the base model answering
/// @param requestsDrained requests that finished on the old version after the change
public record AdapterWithdrawn(VersionId from, String replica, long swapMillis, int requestsDrained) implements Event {
    public AdapterWithdrawn {
        Checks.filled("replica", replica);
        Checks.atLeast("swapMillis", swapMillis, 0);
        Checks.atLeast("requestsDrained", requestsDrained, 0);
    }
}
