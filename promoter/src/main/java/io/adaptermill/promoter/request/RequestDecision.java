package io.adaptermill.promoter.request;

import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.schemas.event.PromotionAnswered.Mode;

/// What becomes of a person's request.
public sealed interface RequestDecision {
    /// A waiting candidate serves.
    record Approve(WaitingCandidate candidate) implements RequestDecision {}

    /// A waiting candidate is left behind.
    record Reject(WaitingCandidate candidate) implements RequestDecision {}

    /// An earlier version serves again.
    ///
    /// @param line what is left of the tenant's line
    record RollBack(ServingLine line) implements RequestDecision {}

    /// More or less happens by itself.
    record Switch(Mode mode) implements RequestDecision {}

    /// Something else serves than the person knew.
    record Conflict(String reason) implements RequestDecision {}

    /// It cannot be done.
    record Refuse(String reason) implements RequestDecision {}
}
