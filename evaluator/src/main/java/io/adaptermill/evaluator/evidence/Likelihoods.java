package io.adaptermill.evaluator.evidence;

import io.adaptermill.evaluator.evidence.Question.Answered;
import io.adaptermill.evaluator.evidence.Question.Kind;
import io.adaptermill.gates.candidate.Evidence;
import io.adaptermill.schemas.policy.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What the losses on the hold-out say beside their fall, without another pass through the model.
///
/// @param champion what serves, on the same questions in the same order
record Likelihoods(List<Answered> candidate, List<Answered> champion) {
    List<Double> better() {
        return gains(Answered::quality, List.of(Kind.values()));
    }

    /// Preference accuracy and margin, and the likelihood that ratings weigh.
    Evidence addTo(Evidence evidence) {
        return evidence.and(
                        Quantity.PREFERENCE_ACCURACY_GAIN,
                        gains(answered -> answered.margin() > 0 ? 1 : 0, List.of(Kind.PAIR)))
                .and(Quantity.PREFERENCE_MARGIN_GAIN, gains(Answered::margin, List.of(Kind.PAIR)))
                .and(Quantity.RATING_LIKELIHOOD_GAIN, gains(Answered::quality, List.of(Kind.RATED)));
    }

    private List<Double> gains(ToDoubleFunction<Answered> number, List<Kind> kinds) {
        List<Double> gains = new ArrayList<>();
        for (int i = 0; i < candidate.size(); i++) {
            if (!kinds.contains(candidate.get(i).question().kind())) continue;
            gains.add(number.applyAsDouble(candidate.get(i)) - number.applyAsDouble(champion.get(i)));
        }
        return gains;
    }
}
