package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;

/// What preferences, edits and ratings cost.
///
/// @param dpoLabelSmoothing share of pairs that are taken to be the wrong way round
/// @param pairs loss of preferences and edits
/// @param ratings loss of thumbs and scores
/// @param orpoWeight λ, what the odds ratio counts beside the likelihood in ORPO
public record Losses(double dpoLabelSmoothing, Pairs pairs, Ratings ratings, double orpoWeight) {
    public static final Losses DEFAULT = new Losses(0, Pairs.DPO, Ratings.KTO, 0.1);

    public Losses {
        Checks.within("dpoLabelSmoothing", dpoLabelSmoothing, 0, 0.5);
        Checks.within("orpoWeight", orpoWeight, 0, 100);
    }

    /// Of two responses, one is the better.
    public enum Pairs {
        /// Against the base as reference. Rafailov et al. 2023.
        @JsonProperty("dpo")
        DPO,
        /// Without a reference, with the likelihood of the better one. Hong et al. 2024.
        @JsonProperty("orpo")
        ORPO
    }

    /// One response is good or bad.
    public enum Ratings {
        /// Against the divergence of a step's ratings. Ethayarajh et al. 2024.
        @JsonProperty("kto")
        KTO,
        /// Against the base alone, which a stream of few ratings estimates better. D'Oosterlinck et al. 2024.
        @JsonProperty("apoZero")
        APO_ZERO
    }
}
