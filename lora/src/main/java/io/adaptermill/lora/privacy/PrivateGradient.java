package io.adaptermill.lora.privacy;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.optim.Stretch;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.schemas.policy.Privacy;
import java.util.List;

/// A step's gradient from those of its examples: `(Σ_i g_i · min(1, C/‖g_i‖) + σ C z) / L`, z standard normal.
///
/// L is the number of examples that a step draws on average, not the number that it drew, which would tell of one.
/// Noise lies on what trains and on nothing else; its numbers follow from the run's seed, the step and the place: the
/// same batch gives the same bytes on any number of threads.
///
/// Owned by the training thread.
public final class PrivateGradient {
    private static final int CHUNK = 4096;

    private final Privacy privacy;
    private final double expected;
    private final long seed;
    private final AdapterParameters sum;

    /// @param expected L
    /// @param seed of the run
    /// @param sum empty, of the gradients' layout
    public PrivateGradient(Privacy privacy, double expected, long seed, AdapterParameters sum) {
        this.privacy = privacy;
        this.expected = expected;
        this.seed = seed;
        this.sum = sum;
    }

    /// Takes one example's gradient over, clipped, and empties it.
    ///
    /// @param norm of the gradient
    public void add(AdapterParameters gradient, double norm) {
        float factor = (float) Math.min(1, privacy.clipNorm() / norm);
        Tensor from = gradient.values();
        Tensor to = sum.values();
        for (long i = 0; i < to.elements(); i++) to.set(i, to.get(i) + factor * from.get(i));
        from.clear();
    }

    /// Puts the noisy mean into the gradients and is empty for the next step.
    ///
    /// @param step of the run, counted from 1
    /// @param stretches of the numbers, of which some may not train
    public void release(Kernels kernels, AdapterParameters gradients, List<Stretch> stretches, int step) {
        CounterRandom noise = noise(seed, step);
        double deviation = privacy.noiseMultiplier() * privacy.clipNorm();
        Tensor from = sum.values();
        Tensor to = gradients.values();
        List<Stretch> pieces = stretches.stream()
                .filter(Stretch::trains)
                .flatMap(stretch -> stretch.cut(CHUNK).stream())
                .toList();
        kernels.rows().run(pieces.size(), 64L * CHUNK, (first, last) -> {
            for (Stretch piece : pieces.subList(first, last)) {
                for (long i = piece.from(); i < piece.to(); i++) {
                    to.set(i, (float) ((from.get(i) + deviation * noise.normal(i)) / expected));
                }
            }
        });
        from.clear();
    }

    static CounterRandom noise(long seed, int step) {
        return new CounterRandom(seed, "privacy noise of step " + step);
    }
}
