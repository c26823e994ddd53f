package io.adaptermill.lora.compose;

import io.adaptermill.lora.optim.CounterRandom;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/// Finds a few numbers that make a loss small, without its gradient: an evolution strategy of one parent
/// and one child.
///
/// A child is the parent plus a normal step; the better one lives on. The step grows by half after a
/// success and shrinks by its fourth root after a failure, which keeps about one success in five. The last
/// evaluations try each number at zero, so that with an L1 penalty what does not help ends there. The same
/// seed finds the same numbers. Source: Rechenberg 1973; Kern et al. 2004 (step rule).
///
/// @param evaluations of the loss, the first at all zeros
/// @param bound largest magnitude of a number
/// @param l1 what each unit of magnitude costs beside the loss
/// @param step standard deviation of the first step
public record GradientFree(int evaluations, double bound, double l1, double step, long seed) {
    /// The bounds and the penalty of LoRAHub (Huang et al. 2024, §3.3), and more evaluations than its 40.
    public static GradientFree loraHub(long seed) {
        return new GradientFree(200, 1.5, 0.05, 0.3, seed);
    }

    public GradientFree {
        if (evaluations < 1) throw new IllegalArgumentException("evaluations must be at least 1, was " + evaluations);
        if (!(bound > 0)) throw new IllegalArgumentException("bound must be positive, was " + bound);
        if (!(l1 >= 0)) throw new IllegalArgumentException("l1 must not be negative, was " + l1);
        if (!(step > 0)) throw new IllegalArgumentException("step must be positive, was " + step);
    }

    /// What was found.
    ///
    /// @param numbers the best
    /// @param loss theirs, without the penalty
    /// @param lossAtZero where the search began
    @SuppressWarnings("ArrayRecordComponent") // handed over once
    public record Found(double[] numbers, double loss, double lossAtZero) {}

    /// @param count how many numbers
    /// @param loss finite; what is not counts as worse than everything
    public Found minimise(int count, ToDoubleFunction<double[]> loss) {
        CounterRandom random = new CounterRandom(seed, "gradient-free");
        double[] best = new double[count];
        double atZero = loss.applyAsDouble(best);
        double bestLoss = atZero;
        double sigma = step;
        for (int i = 1; i < evaluations; i++) {
            int left = evaluations - i;
            boolean zeroing = left <= count;
            double[] child = zeroing ? without(best, left - 1) : stepped(best, sigma, random, i);
            double childLoss = loss.applyAsDouble(child);
            boolean better = childLoss + penalty(child) < bestLoss + penalty(best);
            if (!zeroing) sigma = better ? Math.min(bound, sigma * 1.5) : sigma * Math.pow(1.5, -0.25);
            if (!better) continue;
            best = child;
            bestLoss = childLoss;
        }
        return new Found(best, bestLoss, atZero);
    }

    private double penalty(double[] numbers) {
        return l1 * Arrays.stream(numbers).map(Math::abs).sum();
    }

    private double[] stepped(double[] from, double sigma, CounterRandom random, int evaluation) {
        double[] child = from.clone();
        for (int j = 0; j < child.length; j++) {
            long index = ((long) evaluation * child.length + j) * 2;
            double moved = child[j] + sigma * normal(random, index);
            child[j] = Math.clamp(moved, -bound, bound);
        }
        return child;
    }

    private static double[] without(double[] from, int number) {
        double[] child = from.clone();
        child[number] = 0;
        return child;
    }

    /// Box and Muller's transformation of two uniform numbers.
    private static double normal(CounterRandom random, long index) {
        double radius = Math.sqrt(-2 * Math.log(((random.bits(index) >>> 11) + 1) * 0x1p-53));
        return radius * Math.cos(2 * Math.PI * ((random.bits(index + 1) >>> 11) * 0x1p-53));
    }
}
