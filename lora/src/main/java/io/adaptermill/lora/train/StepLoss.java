package io.adaptermill.lora.train;

import io.adaptermill.lora.loss.PairLoss;
import io.adaptermill.lora.loss.RatingLoss;
import io.adaptermill.lora.loss.Response;
import java.util.List;

/// The loss of one optimizer step, over examples of any mixture of kinds.
///
/// `L = (n · mean nats of all imitated tokens + Σ pairs of preferences + w · Σ pairs of edits + Σ weighed ratings) /
/// N`, with N examples of which n are imitated. A step of one kind alone so has that kind's usual loss: the token mean,
/// or
/// the mean over pairs or ratings, or ORPO's token mean plus its mean over pairs.
///
/// @param losses of pairs and ratings, and w
/// @param examples N
/// @param natsWeight what one nat of an imitated response counts
/// @param divergence KTO's z
record StepLoss(LessonLosses losses, int examples, double natsWeight, double divergence) {
    static StepLoss of(List<Lesson> lessons, LessonLosses losses, double divergence) {
        long imitated = lessons.stream()
                .filter(lesson -> losses.imitatedTokens(lesson) > 0)
                .count();
        long tokens = lessons.stream().mapToLong(losses::imitatedTokens).sum();
        double natsWeight = imitated == 0 ? 0 : (double) imitated / tokens / lessons.size();
        return new StepLoss(losses, lessons.size(), natsWeight, divergence);
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
            case Lesson.Edited _ -> pair(lesson, nats, references, losses.editWeight() / examples);
            case Lesson.Preferred _ -> pair(lesson, nats, references, 1.0 / examples);
            case Lesson.Rated(var unused, var good) -> {
                Response rated = response(lesson, 0, nats, references);
                RatingLoss.Result result = losses.ratings().of(good, rated, divergence);
                double weight = losses.ratingWeights().of(good) / examples;
                yield new Share(weight * result.loss(), weight * result.byResponse());
            }
        };
    }

    private Share pair(Lesson lesson, double[] nats, double[] references, double weight) {
        PairLoss.Result result =
                losses.pairs().of(response(lesson, 0, nats, references), response(lesson, 1, nats, references));
        double imitation = losses.imitatedTokens(lesson) > 0 ? natsWeight : 0;
        return new Share(
                imitation * nats[0] + weight * result.loss(),
                imitation + weight * result.byChosen(),
                weight * result.byRejected());
    }

    private static Response response(Lesson lesson, int index, double[] nats, double[] references) {
        int tokens = lesson.sequences().get(index).targets();
        return new Response(nats[index], tokens, references.length == 0 ? 0 : references[index]);
    }
}
