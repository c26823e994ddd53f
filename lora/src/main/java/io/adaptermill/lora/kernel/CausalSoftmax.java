package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Attention's weights from its scores, each token seeing itself and what came before in its own sequence.
///
/// Scores and weights `[N·K, G·S, S]` (letters as in [Heads]); row `i` belongs to position `i mod S`. Rows of
/// padding become zero.
public final class CausalSoftmax {
    private final int headsKv;
    private final int group;
    private final float scale;

    /// @param scale what scores are multiplied with, `1/√d`
    public CausalSoftmax(int heads, int headsKv, double scale) {
        this.headsKv = headsKv;
        this.group = heads / headsKv;
        this.scale = (float) scale;
    }

    /// Scores → weights, in place.
    public void forward(Kernels kernels, SequenceGroup sequences, Tensor p) {
        Lanes lanes = kernels.lanes();
        int padded = sequences.padded();
        kernels.rows().run(p.rows(), padded, (from, to) -> {
            for (int row = from; row < to; row++) {
                forwardRow(lanes, p.memory(), (long) row * padded, seen(sequences, row), padded);
            }
        });
    }

    /// As [#forward], for the queries of one tile of one head of each group: scores `[N·K, rows, columns]`.
    ///
    /// @param first position of the tile's first query
    public void forwardTile(Kernels kernels, SequenceGroup sequences, int first, Tensor p) {
        Lanes lanes = kernels.lanes();
        int columns = p.columns();
        kernels.rows().run(p.rows(), columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                forwardRow(lanes, p.memory(), (long) row * columns, seen(sequences, first, p, row), columns);
            }
        });
    }

    /// As [#backward], for a tile as in [#forwardTile].
    public void backwardTile(Kernels kernels, SequenceGroup sequences, int first, Tensor p, Tensor dp) {
        Lanes lanes = kernels.lanes();
        int columns = p.columns();
        kernels.rows().run(p.rows(), 2L * columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                int seen = seen(sequences, first, p, row);
                backwardRow(lanes, p.memory(), dp.memory(), (long) row * columns, seen, columns);
            }
        });
    }

    private int seen(SequenceGroup sequences, int first, Tensor tile, int row) {
        int rows = tile.rows() / (sequences.sequences() * headsKv);
        int position = first + row % rows;
        return position < sequences.lengths()[row / (rows * headsKv)] ? position + 1 : 0;
    }

    /// `ds = scale · p ⊙ (dp − Σ p ⊙ dp)`, in place of dp.
    public void backward(Kernels kernels, SequenceGroup sequences, Tensor p, Tensor dp) {
        Lanes lanes = kernels.lanes();
        int padded = sequences.padded();
        kernels.rows().run(p.rows(), 2L * padded, (from, to) -> {
            for (int row = from; row < to; row++) {
                backwardRow(lanes, p.memory(), dp.memory(), (long) row * padded, seen(sequences, row), padded);
            }
        });
    }

    /// How many positions this row's token sees; none if it is padding.
    private int seen(SequenceGroup sequences, int row) {
        int position = row % sequences.padded();
        int sequence = row / (sequences.padded() * group * headsKv);
        return position < sequences.lengths()[sequence] ? position + 1 : 0;
    }

    private void forwardRow(Lanes lanes, MemorySegment p, long row, int seen, int padded) {
        int whole = seen - seen % WIDTH;
        VectorMask<Float> rest = SPECIES.indexInRange(0, seen - whole);
        FloatVector highest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int j = 0; j < whole; j += WIDTH) highest = highest.max(lanes.load(p, row + j));
        if (whole < seen) highest = highest.blend(highest.max(lanes.load(p, row + whole)), rest);
        float max = highest.reduceLanes(VectorOperators.MAX);

        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum = zero;
        for (int j = 0; j < whole; j += WIDTH) sum = sum.add(power(lanes, p, row + j, max));
        if (whole < seen) sum = sum.add(zero.blend(power(lanes, p, row + whole, max), rest));
        float inverse = 1 / Lanes.sum(sum);

        int j = 0;
        for (; j < whole; j += WIDTH) lanes.store(power(lanes, p, row + j, max).mul(inverse), p, row + j);
        if (whole < seen) {
            lanes.store(zero.blend(power(lanes, p, row + whole, max).mul(inverse), rest), p, row + whole);
            j += WIDTH;
        }
        for (; j < padded; j += WIDTH) lanes.store(zero, p, row + j);
    }

    private FloatVector power(Lanes lanes, MemorySegment p, long element, float max) {
        return Exponential.of(lanes.load(p, element).sub(max).mul(scale));
    }

    private void backwardRow(Lanes lanes, MemorySegment p, MemorySegment dp, long row, int seen, int padded) {
        FloatVector products = FloatVector.zero(SPECIES);
        for (int j = 0; j < seen; j += WIDTH) {
            products = lanes.load(p, row + j).fma(lanes.load(dp, row + j), products);
        }
        float mean = Lanes.sum(products);
        int j = 0;
        for (; j < seen; j += WIDTH) {
            FloatVector inner = lanes.load(dp, row + j).sub(mean);
            lanes.store(lanes.load(p, row + j).mul(scale).mul(inner), dp, row + j);
        }
        for (; j < padded; j += WIDTH) lanes.store(FloatVector.zero(SPECIES), dp, row + j);
    }
}
