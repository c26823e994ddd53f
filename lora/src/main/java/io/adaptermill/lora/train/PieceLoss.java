package io.adaptermill.lora.train;

import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.TokenBatch;
import java.util.List;

/// The loss of the lessons of one micro-batch, once the decoder knows their likelihoods.
final class PieceLoss implements Decoder.Weigher {
    private final List<Lesson> lessons;
    private final TokenBatch batch;
    private final StepLoss loss;
    private final References references;
    private double sum;

    /// @param batch of the lessons' sequences, one lesson after the other
    PieceLoss(List<Lesson> lessons, TokenBatch batch, StepLoss loss, References references) {
        this.lessons = lessons;
        this.batch = batch;
        this.loss = loss;
        this.references = references;
    }

    /// The lessons' share of the step's loss.
    double loss() {
        return sum;
    }

    @Override
    public double[] weigh(double[] labels) {
        int sequences =
                lessons.stream().mapToInt(lesson -> lesson.sequences().size()).sum();
        double[] nats = new double[sequences];
        for (int label = 0; label < labels.length; label++) nats[batch.sequences()[label]] += labels[label];
        double[] bySequence = bySequence(nats);
        double[] weights = new double[labels.length];
        for (int label = 0; label < labels.length; label++) weights[label] = bySequence[batch.sequences()[label]];
        return weights;
    }

    private double[] bySequence(double[] nats) {
        double[] weights = new double[nats.length];
        int at = 0;
        for (Lesson lesson : lessons) {
            int count = lesson.sequences().size();
            double[] own = new double[count];
            System.arraycopy(nats, at, own, 0, count);
            StepLoss.Share share = loss.share(lesson, own, references.of(lesson));
            sum += share.loss();
            System.arraycopy(share.weights(), 0, weights, at, count);
            at += count;
        }
        return weights;
    }
}
