package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// How far each row's distribution p has gone from another one q, `KL(q ‖ p) = Σ q (log q − log p)`, and its
/// gradient.
///
/// Shapes, R rows and V vocabulary: both logits `[R, V]`; the gradient of row i by p's logits is `p_i − q_i`.
public final class Divergence {
    private Divergence() {}

    /// @param logits of p, left as they are
    /// @param held logits of q, overwritten with the gradient
    /// @param rows how many rows to read
    /// @param nats takes the divergence of each row, from `first` on
    public static void gradient(Kernels kernels, Tensor logits, Tensor held, int rows, double[] nats, int first) {
        Lanes lanes = kernels.lanes();
        int vocabulary = logits.columns();
        kernels.rows().run(rows, 5L * vocabulary, (from, to) -> {
            for (int i = from; i < to; i++) {
                nats[first + i] = row(lanes, logits.memory(), held.memory(), (long) i * vocabulary, vocabulary);
            }
        });
    }

    private static double row(Lanes lanes, MemorySegment p, MemorySegment q, long row, int width) {
        float pMax = CrossEntropy.max(lanes, p, row, width);
        float qMax = CrossEntropy.max(lanes, q, row, width);
        float pSum = CrossEntropy.sumOfPowers(lanes, p, row, width, pMax);
        float qSum = CrossEntropy.sumOfPowers(lanes, q, row, width, qMax);
        float pScale = 1 / pSum;
        float qScale = 1 / qSum;
        FloatVector apart = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j + WIDTH <= width; j += WIDTH) {
            FloatVector zp = lanes.load(p, row + j).sub(pMax);
            FloatVector zq = lanes.load(q, row + j).sub(qMax);
            FloatVector likely = Exponential.of(zq).mul(qScale);
            apart = likely.fma(zq.sub(zp), apart);
            lanes.store(Exponential.of(zp).mul(pScale).sub(likely), q, row + j);
        }
        float sum = Lanes.sum(apart);
        for (; j < width; j++) {
            float zp = lanes.get(p, row + j) - pMax;
            float zq = lanes.get(q, row + j) - qMax;
            float likely = (float) StrictMath.exp(zq) * qScale;
            sum += likely * (zq - zp);
            lanes.set(q, row + j, (float) StrictMath.exp(zp) * pScale - likely);
        }
        return sum + StrictMath.log(pSum) - StrictMath.log(qSum);
    }
}
