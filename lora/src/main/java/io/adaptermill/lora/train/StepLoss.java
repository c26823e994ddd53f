package io.adaptermill.lora.train;

import io.adaptermill.lora.loss.Dpo;
import io.adaptermill.lora.loss.Kto;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;

/// The loss of one optimizer step, over examples of any mixture of kinds.
///
/// `L = (n · mean nats of all imitated tokens + Σ DPO of preferences + w · Σ DPO of edits + Σ KTO of ratings) / N`,
/// with N examples of which n are imitated. A step of one kind alone so has that kind's usual loss: the token
/// mean, or the mean over pairs or ratings.
///
/// @param examples N
/// @param natsWeight what one nat of an imitated response counts
/// @param editWeight w
/// @param divergence KTO's z
record StepLoss(int examples, double natsWeight, double editWeight, Dpo dpo, Kto kto, double divergence) {
    static StepLoss of(List<Lesson> lessons, Recipe recipe, double divergence) {
        long imitated =
                lessons.stream().filter(lesson -> lesson.imitatedTokens() > 0).count();
        long tokens = lessons.stream().mapToLong(Lesson::imitatedTokens).sum();
        double natsWeight = imitated == 0 ? 0 : (double) imitated / tokens / lessons.size();
        return new StepLoss(
                lessons.size(),
                natsWeight,
                recipe.preferenceWeight(),
                new Dpo(recipe.dpoBeta()),
                new Kto(recipe.ktoBeta()),
                divergence);
    }

    /// One example's share of the loss.
    ///
    /// @param weights derivative by the nats of each of its sequences
    record Share(double loss, double... weights) {}

    /// @param nats of the lesson's sequences, in their order
    /// @param references the same under the reference; empty where the lesson needs none
    Share share(Lesson lesson, double[] nats, double[] references) {
        return switch (lesson) {
            case Lesson.Demonstrated _ -> new Share(natsWeight * nats[0], natsWeight);
            case Lesson.Edited _ -> {
                Share pair = pair(nats, references, editWeight / examples);
                yield new Share(natsWeight * nats[0] + pair.loss(), natsWeight + pair.weights()[0], pair.weights()[1]);
            }
            case Lesson.Preferred _ -> pair(nats, references, 1.0 / examples);
            case Lesson.Rated(var unused, var good) -> {
                Kto.Result result = kto.of(good, nats[0], references[0], divergence);
                yield new Share(result.loss() / examples, result.byResponse() / examples);
            }
        };
    }

    private Share pair(double[] nats, double[] references, double weight) {
        Dpo.Result result = dpo.of(nats[0], nats[1], references[0], references[1]);
        return new Share(weight * result.loss(), weight * result.byChosen(), weight * result.byRejected());
    }
}
