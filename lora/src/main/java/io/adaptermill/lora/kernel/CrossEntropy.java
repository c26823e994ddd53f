package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Negative log-likelihood of each row's target, and its gradient in place of the logits.
///
/// Shapes, R rows and V vocabulary: logits `[R, V]`; the gradient of row i is
/// `softmax(logits_i) − onehot(target_i)`, not yet weighted, so that losses that depend on whole sequences
/// can weigh rows afterwards.
public final class CrossEntropy {
    private CrossEntropy() {}

    /// @param first the row of `targets` and `nats` that belongs to the logits' first row
    /// @param rows how many rows of logits to read
    public static void forward(Kernels kernels, Tensor logits, int rows, int[] targets, double[] nats, int first) {
        run(kernels, logits, rows, targets, nats, first, false);
    }

    /// As [#forward], then overwrites the logits with their gradient.
    public static void forwardAndGradient(
            Kernels kernels, Tensor logits, int rows, int[] targets, double[] nats, int first) {
        run(kernels, logits, rows, targets, nats, first, true);
    }

    private static void run(
            Kernels kernels, Tensor logits, int rows, int[] targets, double[] nats, int first, boolean gradient) {
        Lanes lanes = kernels.lanes();
        int vocabulary = logits.columns();
        MemorySegment memory = logits.memory();
        kernels.rows().run(rows, 3L * vocabulary, (from, to) -> {
            for (int i = from; i < to; i++) {
                long row = (long) i * vocabulary;
                int target = targets[first + i];
                float targetLogit = lanes.get(memory, row + target);
                float max = max(lanes, memory, row, vocabulary);
                float sum = sumOfPowers(lanes, memory, row, vocabulary, max);
                nats[first + i] = StrictMath.log(sum) + max - targetLogit;
                if (gradient) overwrite(lanes, memory, row, vocabulary, max, 1 / sum, target);
            }
        });
    }

    static float max(Lanes lanes, MemorySegment x, long row, int width) {
        FloatVector highest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int j = 0;
        for (; j + WIDTH <= width; j += WIDTH) highest = highest.max(lanes.load(x, row + j));
        float max = highest.reduceLanes(VectorOperators.MAX);
        for (; j < width; j++) max = Math.max(max, lanes.get(x, row + j));
        return max;
    }

    static float sumOfPowers(Lanes lanes, MemorySegment x, long row, int width, float max) {
        FloatVector powers = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j + WIDTH <= width; j += WIDTH) {
            powers = powers.add(Exponential.of(lanes.load(x, row + j).sub(max)));
        }
        float sum = Lanes.sum(powers);
        for (; j < width; j++) sum += (float) StrictMath.exp(lanes.get(x, row + j) - max);
        return sum;
    }

    private static void overwrite(
            Lanes lanes, MemorySegment x, long row, int width, float max, float inverse, int target) {
        float ofTarget = (float) StrictMath.exp(lanes.get(x, row + target) - max) * inverse;
        int j = 0;
        for (; j + WIDTH <= width; j += WIDTH) {
            lanes.store(Exponential.of(lanes.load(x, row + j).sub(max)).mul(inverse), x, row + j);
        }
        for (; j < width; j++) lanes.set(x, row + j, (float) StrictMath.exp(lanes.get(x, row + j) - max) * inverse);
        lanes.set(x, row + target, ofTarget - 1);
    }
}
