package io.adaptermill.lora.transformer;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.SequenceGroup;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import java.util.function.LongUnaryOperator;
import jdk.incubator.vector.FloatVector;

/// Dropout of what updates see of their linear's input: `u = (m ⊙ x) Aᵀ`, each number of m 0 or `1 / (1 − share)`.
///
/// A token's mask follows from the step, its linear, its sequence's place in the step and its own in the sequence,
/// so neither the way a step is cut into pieces nor who shares a pass changes it. Linears that share an input (q, k
/// and v; gate and up) share its mask. The backward draws it again. Source: Srivastava et al. 2014, on the input as
/// in PEFT.
///
/// @param share of the numbers that are 0, rounded to 1/65,536
/// @param tokens for each row `sequence · 2²⁰ + position`
/// @param draw random bits of a linear, by index
/// @param scratch for one masked input at a time, owned by whoever made it
public record InputMask(double share, long[] tokens, Draw draw, Workspace scratch) {
    private static final int PER_DRAW = 4;
    private static final int BITS = 16;
    private static final long POSITIONS = 1L << 20;

    /// Where a linear's random bits come from.
    @FunctionalInterface
    public interface Draw {
        LongUnaryOperator of(int layer, Fused fused);
    }

    /// @param batch whose rows it is for
    /// @param firstSequence place in the step of the batch's first sequence
    /// @param scratch this mask's alone
    public static InputMask of(double share, TokenBatch batch, int firstSequence, Draw draw, Workspace scratch) {
        long[] tokens = new long[batch.rows()];
        int label = 0;
        for (SequenceGroup group : batch.groups()) {
            for (int i = 0; i < group.sequences(); i++) {
                int first = group.firstRows()[i];
                int rows = group.lengths()[i];
                while (batch.labelRows()[label] < first) label++;
                long sequence = firstSequence + (long) batch.sequences()[label];
                for (int t = 0; t < rows; t++) tokens[first + t] = sequence * POSITIONS + t;
            }
        }
        return new InputMask(share, tokens, draw, scratch);
    }

    /// One row of m.
    ///
    /// @param factors `[in]`, overwritten
    public void factors(int layer, Fused fused, int row, float[] factors) {
        fill(factors, tokens[row], draw.of(layer, fused));
    }

    /// `m ⊙ x`, `[T, in]`, in the scratch.
    Tensor seen(Kernels kernels, int layer, Fused fused, Tensor x) {
        Lanes lanes = kernels.lanes();
        scratch.reset();
        Tensor out = scratch.tensor(kernels.precision(), x.rows(), x.columns());
        run(kernels, layer, fused, x.columns(), (factors, at, j) -> {
            FloatVector m = FloatVector.fromArray(SPECIES, factors, j);
            lanes.store(lanes.load(x.memory(), at).mul(m), out.memory(), at);
        });
        return out;
    }

    /// `dx += m ⊙ (v A)`, `[T, in]`.
    void addInput(Kernels kernels, int layer, Fused fused, Tensor v, Tensor a, Tensor dx) {
        Lanes lanes = kernels.lanes();
        scratch.reset();
        Tensor y = scratch.tensor(kernels.precision(), dx.rows(), dx.columns());
        kernels.products().nn(v, a, y);
        run(kernels, layer, fused, dx.columns(), (factors, at, j) -> {
            FloatVector m = FloatVector.fromArray(SPECIES, factors, j);
            lanes.store(lanes.load(y.memory(), at).fma(m, lanes.load(dx.memory(), at)), dx.memory(), at);
        });
    }

    private interface Lane {
        void at(float[] factors, long element, int column);
    }

    private void run(Kernels kernels, int layer, Fused fused, int width, Lane lane) {
        LongUnaryOperator bits = draw.of(layer, fused);
        kernels.rows().run(tokens.length, 8L * width, (from, to) -> {
            float[] factors = new float[width];
            for (int t = from; t < to; t++) {
                fill(factors, tokens[t], bits);
                for (int j = 0; j < width; j += WIDTH) lane.at(factors, (long) t * width + j, j);
            }
        });
    }

    /// One draw serves four numbers, 16 bits each.
    private void fill(float[] factors, long token, LongUnaryOperator bits) {
        int dropped = (int) Math.round(share * (1 << BITS));
        float kept = (float) (1 / (1 - dropped / (double) (1 << BITS)));
        long first = token * (factors.length / PER_DRAW);
        for (int j = 0; j < factors.length; j += PER_DRAW) {
            long drawn = bits.applyAsLong(first + j / PER_DRAW);
            for (int k = 0; k < PER_DRAW; k++) {
                int number = (int) (drawn >>> (BITS * k)) & 0xFFFF;
                factors[j + k] = number < dropped ? 0 : kept;
            }
        }
    }
}
