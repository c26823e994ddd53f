package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;
import java.util.Optional;

/// What preferences, edits and ratings cost.
///
/// @param dpoLabelSmoothing share of pairs that are taken to be the wrong way round
/// @param pairs loss of preferences and edits
/// @param ratings loss of thumbs and scores
/// @param orpoWeight λ, what the odds ratio counts beside the likelihood in ORPO
/// @param ratingWeights what good and bad ratings count; absent for [RatingWeights#DEFAULT]
public record Losses(
        double dpoLabelSmoothing,
        Pairs pairs,
        Ratings ratings,
        double orpoWeight,
        Optional<RatingWeights> ratingWeights) {
    public static final Losses DEFAULT = new Losses(0, Pairs.DPO, Ratings.KTO, 0.1);

    public Losses {
        Checks.within("dpoLabelSmoothing", dpoLabelSmoothing, 0, 0.5);
        Checks.within("orpoWeight", orpoWeight, 0, 100);
        ratingWeights = ratingWeights.filter(weights -> !weights.equals(RatingWeights.DEFAULT));
    }

    /// With good and bad ratings counted alike.
    public Losses(double dpoLabelSmoothing, Pairs pairs, Ratings ratings, double orpoWeight) {
        this(dpoLabelSmoothing, pairs, ratings, orpoWeight, Optional.empty());
    }

    /// For tenants whose users click one thumb more often than the other: KTO's authors keep
    /// `good · number of good ones` within 1 to 4/3 of `bad · number of bad ones`. Ethayarajh et al. 2024, eq. 8.
    ///
    /// @param good factor of a good rating's loss, λ_D
    /// @param bad factor of a bad rating's loss, λ_U
    public record RatingWeights(double good, double bad) {
        public static final RatingWeights DEFAULT = new RatingWeights(1, 1);

        public RatingWeights {
            Checks.within("good", good, 0, 100);
            Checks.within("bad", bad, 0, 100);
        }

        public double of(boolean rating) {
            return rating ? good : bad;
        }
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
