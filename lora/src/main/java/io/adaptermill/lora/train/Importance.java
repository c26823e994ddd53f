package io.adaptermill.lora.train;

import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import java.util.Arrays;
import java.util.List;

/// How much each weight matters to a batch: the diagonal of the Fisher information, `mean (∂ log π(y | x) /
/// ∂θ)²` over the responses that the batch teaches.
///
/// The empirical form, with the responses as they are: drawing others from the model would cost a generation
/// each. One backward for each lesson, which squares cannot share: about one more epoch.
final class Importance {
    private Importance() {}

    /// @param sums takes the mean squares on top of what it holds
    /// @param gradients empty; is empty again afterwards
    static void add(
            List<Lesson> lessons,
            Passes passes,
            AdapterLayers layers,
            AdapterParameters gradients,
            AdapterParameters sums) {
        for (Lesson lesson : lessons) {
            TokenSequence taught = lesson.sequences().getFirst();
            passes.learn(TokenBatch.of(List.of(taught), MicroBatches.SCORES_MAX), layers, Importance::ones, gradients);
            addSquares(gradients.values(), sums.values(), lessons.size());
            gradients.values().clear();
        }
    }

    private static double[] ones(double[] nats) {
        double[] weights = new double[nats.length];
        Arrays.fill(weights, 1);
        return weights;
    }

    private static void addSquares(Tensor gradients, Tensor sums, int lessons) {
        for (long i = 0; i < sums.elements(); i++) {
            double slope = gradients.get(i);
            sums.set(i, (float) (sums.get(i) + slope * slope / lessons));
        }
    }
}
