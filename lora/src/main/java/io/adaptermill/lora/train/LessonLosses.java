package io.adaptermill.lora.train;

import io.adaptermill.lora.loss.ApoZero;
import io.adaptermill.lora.loss.Dpo;
import io.adaptermill.lora.loss.Kto;
import io.adaptermill.lora.loss.Orpo;
import io.adaptermill.lora.loss.PairLoss;
import io.adaptermill.lora.loss.RatingLoss;
import io.adaptermill.schemas.policy.Losses;
import io.adaptermill.schemas.policy.Losses.RatingWeights;
import io.adaptermill.schemas.policy.Recipe;

/// Which losses a recipe chose for which kinds of lesson.
///
/// @param pairs of preferences and edits
/// @param ratings of single ratings
/// @param ratingWeights what good and bad ones count
/// @param editWeight of an edit's pair beside its SFT part; with ORPO 1, because its own weight says that
/// already
record LessonLosses(PairLoss pairs, RatingLoss ratings, RatingWeights ratingWeights, double editWeight) {
    /// With good and bad ratings counted alike.
    LessonLosses(PairLoss pairs, RatingLoss ratings, double editWeight) {
        this(pairs, ratings, RatingWeights.DEFAULT, editWeight);
    }

    static LessonLosses of(Recipe recipe) {
        Losses chosen = recipe.losses().orElse(Losses.DEFAULT);
        RatingLoss ratings = switch (chosen.ratings()) {
            case KTO -> new Kto(recipe.ktoBeta());
            case APO_ZERO -> new ApoZero(recipe.ktoBeta());
        };
        RatingWeights weights = chosen.ratingWeights().orElse(RatingWeights.DEFAULT);
        return switch (chosen.pairs()) {
            case DPO ->
                new LessonLosses(
                        new Dpo(recipe.dpoBeta(), chosen.dpoLabelSmoothing()),
                        ratings,
                        weights,
                        recipe.preferenceWeight());
            case ORPO -> new LessonLosses(new Orpo(chosen.orpoWeight()), ratings, weights, 1);
        };
    }

    /// Tokens of the sequence that SFT learns, always the lesson's first; 0 if none.
    int imitatedTokens(Lesson lesson) {
        return switch (lesson) {
            case Lesson.Demonstrated(var response) -> response.targets();
            case Lesson.Edited(var edited, var unused) -> edited.targets();
            case Lesson.Preferred(var chosen, var unused) -> pairs.imitatesChosen() ? chosen.targets() : 0;
            case Lesson.Rated _ -> 0;
        };
    }

    /// Whether the lesson's loss compares with the base model.
    boolean needsReference(Lesson lesson) {
        return switch (lesson) {
            case Lesson.Demonstrated _ -> false;
            case Lesson.Edited _, Lesson.Preferred _ -> pairs.needsReference();
            case Lesson.Rated _ -> true;
        };
    }
}
