package io.adaptermill.lora.optim;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.transformer.AdapterParameters;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/// AdamW with decoupled weight decay, after clipping by the global norm; one pass over all trained numbers.
///
/// `m ← β₁ m + (1-β₁) g`, `v ← β₂ v + (1-β₂) g²`, `p ← p (1 − η λ) − η / (1-β₁ᵗ) · m / (√(v / (1-β₂ᵗ)) + ε)`, g
/// scaled by `min(1, c / (‖g‖ + 10⁻⁶))`. Source: Loshchilov and Hutter 2019; same order of operations as
/// torch's AdamW.
///
/// @param weightDecay λ
/// @param gradientNormMax c
public record AdamW(double weightDecay, double gradientNormMax) {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final int CHUNK = 4096;
    private static final Lanes FLOATS = Precision.F32.lanes();

    /// Everything an update reads and writes, all in the same layout.
    public record Moments(AdapterParameters first, AdapterParameters second) {}

    /// The gradient's norm over all trained numbers, summed in double in a fixed order.
    public double norm(Kernels kernels, AdapterParameters gradients) {
        Tensor g = gradients.values();
        long size = g.elements();
        int chunks = chunks(size);
        double[] sums = new double[chunks];
        kernels.rows().run(chunks, CHUNK, (from, to) -> {
            for (int c = from; c < to; c++) sums[c] = squares(g.memory(), (long) c * CHUNK, end(c, size));
        });
        double sum = 0;
        for (double part : sums) sum += part;
        return Math.sqrt(sum);
    }

    /// Trains all numbers alike.
    ///
    /// @param step t, counted from 1 since the lineage began
    /// @param rate η
    /// @param norm of the gradients, as [#norm] gave it
    public void update(
            Kernels kernels,
            AdapterParameters weights,
            AdapterParameters gradients,
            Moments moments,
            long step,
            double rate,
            double norm) {
        List<Stretch> all = List.of(new Stretch(0, weights.values().elements(), 1, true));
        update(kernels, weights, gradients, moments, all, step, rate, norm);
    }

    /// @param stretches that train, each at its own pace; the others stay as they are
    public void update(
            Kernels kernels,
            AdapterParameters weights,
            AdapterParameters gradients,
            Moments moments,
            List<Stretch> stretches,
            long step,
            double rate,
            double norm) {
        float clip = (float) clip(norm);
        double correction = 1 - StrictMath.pow(BETA1, step);
        float spread = (float) Math.sqrt(1 - StrictMath.pow(BETA2, step));
        List<Stretch> pieces = stretches.stream()
                .filter(Stretch::trains)
                .flatMap(stretch -> stretch.cut(CHUNK).stream())
                .toList();
        kernels.rows().run(pieces.size(), 4L * CHUNK, (from, to) -> {
            for (Stretch piece : pieces.subList(from, to)) {
                double own = rate * piece.pace();
                update(
                        weights.values().memory(),
                        gradients.values().memory(),
                        moments.first().values().memory(),
                        moments.second().values().memory(),
                        piece.from(),
                        piece.to(),
                        clip,
                        piece.decays() ? (float) (1 - own * weightDecay) : 1,
                        (float) (own / correction),
                        spread);
            }
        });
    }

    /// What gradients of this norm are multiplied by.
    public double clip(double norm) {
        return Math.min(1, gradientNormMax / (norm + 1e-6));
    }

    /// Empties the gradients of frozen numbers, so that they count in no norm.
    public static void clearFrozen(AdapterParameters gradients, List<Stretch> stretches) {
        for (Stretch stretch : stretches) {
            if (stretch.trains()) continue;
            long bytes = (stretch.to() - stretch.from()) * Float.BYTES;
            gradients
                    .values()
                    .memory()
                    .asSlice(stretch.from() * Float.BYTES, bytes)
                    .fill((byte) 0);
        }
    }

    private static void update(
            MemorySegment p,
            MemorySegment g,
            MemorySegment m,
            MemorySegment v,
            long from,
            long to,
            float clip,
            float decay,
            float pace,
            float spread) {
        long i = from;
        for (; i + WIDTH <= to; i += WIDTH) {
            FloatVector gradient = FLOATS.load(g, i).mul(clip);
            FloatVector first = FLOATS.load(m, i).mul((float) BETA1).add(gradient.mul((float) (1 - BETA1)));
            FloatVector second = FLOATS.load(v, i)
                    .mul((float) BETA2)
                    .add(gradient.mul(gradient).mul((float) (1 - BETA2)));
            FLOATS.store(first, m, i);
            FLOATS.store(second, v, i);
            FloatVector divisor = second.sqrt().div(spread).add((float) EPSILON);
            FLOATS.store(FLOATS.load(p, i).mul(decay).sub(first.mul(pace).div(divisor)), p, i);
        }
        for (; i < to; i++) {
            float gradient = FLOATS.get(g, i) * clip;
            float first = FLOATS.get(m, i) * (float) BETA1 + gradient * (float) (1 - BETA1);
            float second = FLOATS.get(v, i) * (float) BETA2 + gradient * gradient * (float) (1 - BETA2);
            FLOATS.set(m, i, first);
            FLOATS.set(v, i, second);
            float divisor = (float) Math.sqrt(second) / spread + (float) EPSILON;
            FLOATS.set(p, i, FLOATS.get(p, i) * decay - first * pace / divisor);
        }
    }

    private static double squares(MemorySegment g, long from, long to) {
        FloatVector sum = FloatVector.zero(SPECIES);
        long i = from;
        for (; i + WIDTH <= to; i += WIDTH) {
            FloatVector x = FLOATS.load(g, i);
            sum = x.fma(x, sum);
        }
        double total = Lanes.sum(sum);
        for (; i < to; i++) total += (double) FLOATS.get(g, i) * FLOATS.get(g, i);
        return total;
    }

    private static int chunks(long size) {
        return Math.toIntExact((size + CHUNK - 1) / CHUNK);
    }

    private static long end(int chunk, long size) {
        return Math.min(size, (chunk + 1L) * CHUNK);
    }
}
