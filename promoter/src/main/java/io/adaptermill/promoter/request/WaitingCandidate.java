package io.adaptermill.promoter.request;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.policy.GatePolicy;

/// A candidate that its gates approved and that waits for a person.
///
/// @param base fingerprint of the base model it belongs to
/// @param alpha as in [io.adaptermill.promoter.live.Link]
/// @param reason the gates'
public record WaitingCandidate(AdapterRef adapter, Digest base, double alpha, String reason) {
    public static WaitingCandidate of(AdapterEvaluated evaluation) {
        double alpha = evaluation.policy().orElse(GatePolicy.DEFAULT).alpha();
        return new WaitingCandidate(evaluation.ref(), evaluation.base(), alpha, evaluation.reason());
    }
}
