package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.Digest;

/// The candidate that answers beside what serves a tenant, and how often (`serving.candidates`,
/// compacted). Nobody does for a tenant without one.
///
/// @param base fingerprint of the base model it belongs to
/// @param share of conversations that it answers
public record ServingCandidate(AdapterRef candidate, Digest base, double share) implements Event {
    public ServingCandidate {
        Checks.within("share", share, 0.001, 0.9);
    }
}
