package io.adaptermill.lora.merge;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.quant.BlockTensor;
import io.adaptermill.lora.quant.DenseTensor;
import io.adaptermill.lora.quant.FourBitTensor;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.quant.Int8Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A base model with one adapter's updates added to its weights, `W + s · B A`, and rows then given their lengths where
/// the adapter sets them (DoRA).
///
/// The base itself is not touched, so un-merging is exact: close this and go on with the base, whose blocks
/// are the very ones that were read from its file. Weights without an update are shared with the base,
/// which must stay open as long.
public final class MergedBase implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Checkpoint checkpoint;
    private final List<WeightError> errors;

    private MergedBase(Checkpoint checkpoint, List<WeightError> errors) {
        this.checkpoint = checkpoint;
        this.errors = List.copyOf(errors);
    }

    /// Takes seconds for each hundred million weights; one weight at a time is dense in passing.
    ///
    /// @throws IllegalArgumentException if the adapter belongs to another base model, or is a mixture
    @SuppressWarnings("MustBeClosedChecker") // the checkpoint closes its memory
    public static MergedBase of(Checkpoint base, Adapter adapter, MergedStorage storage) {
        base.config().requireFits(adapter);
        adapter.requireUnrouted();
        Arena memory = Arena.ofShared();
        try {
            SequencedMap<String, FrozenTensor> tensors = new LinkedHashMap<>(base.tensors());
            List<WeightError> errors = new ArrayList<>();
            adapter.modules().forEach((path, factors) -> {
                FrozenTensor weight = base.tensor(path + ".weight");
                try (Arena passing = Arena.ofConfined()) {
                    Sum sum = Sum.of(
                            weight,
                            factors,
                            adapter.config().scale(path),
                            Optional.ofNullable(adapter.magnitudes().get(path)),
                            passing);
                    FrozenTensor kept = keep(sum, weight, storage, memory);
                    tensors.put(path + ".weight", kept);
                    errors.add(sum.error(path, kept, passing));
                }
            });
            return new MergedBase(new Checkpoint(base.config(), tensors, memory), errors);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /// To run, score or train on like any base; its fingerprint is its own.
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /// One for each module of the adapter, in the order of their paths.
    public List<WeightError> errors() {
        return errors;
    }

    @Override
    public void close() {
        checkpoint.close();
    }

    private static FrozenTensor keep(Sum sum, FrozenTensor base, MergedStorage storage, Arena memory) {
        if (storage == MergedStorage.AS_BASE) {
            switch (base) {
                case FourBitTensor bits -> {
                    return bits.quantiser().quantise(sum.dense(), memory);
                }
                case Int8Tensor bytes -> {
                    return Int8Tensor.quantise(sum.dense(), memory);
                }
                case BlockTensor blocks
                when BlockQuantiser.knows(blocks.format()) -> {
                    return BlockQuantiser.quantise(base.rows(), base.columns(), blocks.format(), sum.values(), memory);
                }
                case DenseTensor dense
                when dense.format() == DenseTensor.Format.BF16 -> {
                    MemorySegment brains = memory.allocate(sum.values().byteSize() / 2, 64);
                    sum.dense().readBrainFloats(0, base.rows(), brains, 0);
                    return new DenseTensor(base.rows(), base.columns(), DenseTensor.Format.BF16, brains);
                }
                case FrozenTensor other -> {}
            }
        }
        MemorySegment copy = memory.allocate(sum.values().byteSize(), 64).copyFrom(sum.values());
        return new DenseTensor(base.rows(), base.columns(), DenseTensor.Format.F32, copy);
    }

    /// One merged weight in float32.
    ///
    /// @param updateNorm `‖ΔW‖`, of all that the adapter changes
    private record Sum(int rows, int columns, MemorySegment values, double updateNorm) {
        static Sum of(FrozenTensor weight, LowRank factors, double scale, Optional<FloatTensor> lengths, Arena memory) {
            MemorySegment values = memory.allocate(4L * weight.rows() * weight.columns(), 64);
            weight.readFloats(0, weight.rows(), values, 0);
            float[] a = factors.a().values();
            float[] b = factors.b().values();
            double[] update = new double[factors.in()];
            double[] sum = new double[factors.in()];
            double squares = 0;
            for (int row = 0; row < factors.out(); row++) {
                java.util.Arrays.fill(update, 0);
                for (int k = 0; k < factors.rank(); k++) {
                    double left = scale * b[row * factors.rank() + k];
                    for (int j = 0; j < update.length; j++) update[j] += left * a[k * update.length + j];
                }
                long first = 4L * row * update.length;
                double length = 0;
                for (int j = 0; j < update.length; j++) {
                    sum[j] = values.get(FLOAT, first + 4L * j) + update[j];
                    length += sum[j] * sum[j];
                }
                double factor = factor(lengths, row, Math.sqrt(length));
                for (int j = 0; j < update.length; j++) {
                    double merged = factor * sum[j];
                    double change = merged - values.get(FLOAT, first + 4L * j);
                    values.set(FLOAT, first + 4L * j, (float) merged);
                    squares += change * change;
                }
            }
            return new Sum(weight.rows(), weight.columns(), values, Math.sqrt(squares));
        }

        private static double factor(Optional<FloatTensor> lengths, int row, double length) {
            return lengths.map(wanted -> wanted.values()[row] / length).orElse(1.0);
        }

        DenseTensor dense() {
            return new DenseTensor(rows, columns, DenseTensor.Format.F32, values);
        }

        WeightError error(String module, FrozenTensor kept, Arena passing) {
            MemorySegment again = passing.allocate(values.byteSize(), 64);
            kept.readFloats(0, rows, again, 0);
            double squares = 0;
            double lost = 0;
            double largest = 0;
            for (long at = 0; at < values.byteSize(); at += 4) {
                double merged = values.get(FLOAT, at);
                double difference = again.get(FLOAT, at) - merged;
                squares += merged * merged;
                lost += difference * difference;
                largest = Math.max(largest, Math.abs(difference));
            }
            return new WeightError(
                    module, kept.storage(), ratio(lost, squares), ratio(lost, updateNorm * updateNorm), largest);
        }

        private static double ratio(double lost, double squares) {
            return lost == 0 ? 0 : Math.sqrt(lost / squares);
        }
    }
}
