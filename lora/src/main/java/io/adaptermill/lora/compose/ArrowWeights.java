package io.adaptermill.lora.compose;

import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import java.util.List;

/// Weights with nothing trained: each token's [ArrowRouter#weights] in the first q, k and v are averaged,
/// and the best k of that mean are scaled to add up to 1.
public final class ArrowWeights implements RequestWeights {
    private static final List<Linear> FIRST = List.of(Linear.Q, Linear.K, Linear.V);

    private final ArrowRouter router;
    private final FirstInputs inputs;
    private final List<String> modules;

    /// @param base must stay open as long as this is used
    /// @throws IllegalArgumentException if the adapters share none of q, k and v of the first layer
    public ArrowWeights(Checkpoint base, ArrowRouter router) {
        this.router = router;
        this.inputs = new FirstInputs(base);
        this.modules = FIRST.stream()
                .map(linear -> linear.path(0))
                .filter(router.prototypes()::containsKey)
                .toList();
        if (modules.isEmpty()) {
            throw new IllegalArgumentException(
                    "to choose by a request's words the adapters must share q, k or v of the first layer");
        }
    }

    @Override
    public double[] of(int[] tokens) {
        double[] mean = new double[router.adapters()];
        for (int token : tokens) {
            float[] x = inputs.of(token);
            for (String module : modules) {
                double[] weights = router.weights(module, x);
                for (int i = 0; i < mean.length; i++) mean[i] += weights[i];
            }
        }
        int[] best = ArrowRouter.best(mean, router.topK());
        double sum = 0;
        for (int i : best) sum += mean[i];
        double[] kept = new double[mean.length];
        for (int i : best) kept[i] = mean[i] / sum;
        return kept;
    }
}
