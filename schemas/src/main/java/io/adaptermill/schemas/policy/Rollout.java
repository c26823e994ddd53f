package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.Checks;
import java.util.List;

/// How an approved candidate comes to serve.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Rollout.Immediate.class, name = "immediate"),
    @JsonSubTypes.Type(value = Rollout.Canary.class, name = "canary"),
})
public sealed interface Rollout {
    Rollout DEFAULT = new Immediate();

    /// One of each kind, with values to start from, in the order of the kinds.
    List<Rollout> EACH = List.of(DEFAULT, new Canary(0.1, 30, 0.1, 2_000));

    /// At once, for everybody.
    record Immediate() implements Rollout {}

    /// Beside the champion at first: it answers some of the conversations, and users' ratings of both decide.
    ///
    /// @param share of conversations that the candidate answers
    /// @param ratingsMin fewer ratings of the candidate than this never promote it
    /// @param goodShareFallMax the candidate's share of good ratings must be shown to lie at most so far below
    ///     the champion's
    /// @param ratingsMax after so many ratings of the candidate without a result it is withdrawn
    record Canary(double share, int ratingsMin, double goodShareFallMax, int ratingsMax) implements Rollout {
        public Canary {
            Checks.within("share", share, 0.001, 0.9);
            Checks.within("ratingsMin", ratingsMin, 1, 1_000_000);
            Checks.within("goodShareFallMax", goodShareFallMax, 0.005, 1);
            Checks.within("ratingsMax", ratingsMax, ratingsMin, 1_000_000);
        }
    }
}
