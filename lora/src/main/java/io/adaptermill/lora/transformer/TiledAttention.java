package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.CausalSoftmax;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Products;
import io.adaptermill.lora.kernel.SequenceGroup;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Window;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Attention of long sequences, a tile of queries at a time: each sees the keys up to its own end, so the weights take
/// memory in proportion to the length and not to its square, and the half of them that is masked is hardly computed.
///
/// Letters as in [io.adaptermill.lora.kernel.Heads]; a tile is B queries of one query head of each key head. Gradients
/// of keys and values are summed over tiles in float32.
final class TiledAttention {
    /// B.
    private static final int TILE = 128;

    private static final Lanes FLOATS = Precision.F32.lanes();

    private final int group;
    private final Kernels kernels;
    private final CausalSoftmax softmax;

    TiledAttention(ModelConfig config, Kernels kernels, CausalSoftmax softmax) {
        this.group = config.heads() / config.headsKv();
        this.kernels = kernels;
        this.softmax = softmax;
    }

    /// @param first position of the first query
    /// @param keys how many there are to see, C
    /// @param weights and scores `[N·K, B, C]`
    /// @param rows `[N·K, B, d]`, an output's or a query gradient's
    /// @param part `[N·K, C, d]`, what the tile adds to the gradient of keys or values
    record Tile(int first, int keys, Tensor weights, Tensor scores, Tensor rows, Tensor part) {
        Window queries(int head, int padded) {
            return new Window(head * padded + first, queries());
        }

        int queries() {
            return keys - first;
        }

        Window seen() {
            return new Window(0, keys);
        }
    }

    /// Memory that all tiles share.
    static final class Scratch {
        private final List<Tile> tiles = new ArrayList<>();
        /// Sums of the gradients, `[N·K, S, d]` float32.
        private final Tensor keys;

        private final Tensor values;

        Scratch(ModelConfig config, SequenceGroup sequences, Precision precision, Workspace memory) {
            long batches = (long) sequences.sequences() * config.headsKv();
            int padded = sequences.padded();
            int width = config.headDim();
            Tensor weights = memory.tensor(precision, batches, TILE, padded);
            Tensor scores = memory.tensor(precision, batches, TILE, padded);
            Tensor rows = memory.tensor(precision, batches, TILE, width);
            Tensor part = memory.tensor(precision, batches, padded, width);
            keys = memory.tensor(Precision.F32, batches, padded, width);
            values = memory.tensor(Precision.F32, batches, padded, width);
            for (int first = 0; first < padded; first += TILE) {
                int end = Math.min(padded, first + TILE);
                tiles.add(new Tile(
                        first,
                        end,
                        memory.view(weights, 0, batches, end - first, end),
                        memory.view(scores, 0, batches, end - first, end),
                        memory.view(rows, 0, batches, end - first, width),
                        memory.view(part, 0, batches, end, width)));
            }
        }
    }

    /// @param output takes `[N·K, G·S, d]`
    void forward(SequenceGroup sequences, LayerTape.Heads h, Scratch scratch, Tensor output) {
        for (Tile tile : scratch.tiles) {
            for (int head = 0; head < group; head++) {
                weights(sequences, h, tile, head);
                kernels.products().batchNn(tile.weights(), h.v(), tile.seen(), tile.rows());
                put(tile, head, sequences.padded(), output);
            }
        }
    }

    /// @param dOutput `[N·K, G·S, d]`
    /// @param d takes the gradients of q, k and v
    void backward(SequenceGroup sequences, LayerTape.Heads h, Scratch scratch, Tensor dOutput, LayerTape.Heads d) {
        Products products = kernels.products();
        scratch.keys.clear();
        scratch.values.clear();
        for (Tile tile : scratch.tiles) {
            for (int head = 0; head < group; head++) {
                Window queries = tile.queries(head, sequences.padded());
                weights(sequences, h, tile, head);
                products.batchTn(tile.weights(), dOutput, queries, tile.part());
                add(tile, scratch.values);
                products.batchNt(dOutput, queries, h.v(), tile.seen(), tile.scores());
                softmax.backwardTile(kernels, sequences, tile.first(), tile.weights(), tile.scores());
                products.batchNn(tile.scores(), h.k(), tile.seen(), tile.rows());
                put(tile, head, sequences.padded(), d.q());
                products.batchTn(tile.scores(), h.q(), queries, tile.part());
                add(tile, scratch.keys);
            }
        }
        round(scratch.keys, d.k());
        round(scratch.values, d.v());
    }

    private void weights(SequenceGroup sequences, LayerTape.Heads h, Tile tile, int head) {
        Window queries = tile.queries(head, sequences.padded());
        kernels.products().batchNt(h.q(), queries, h.k(), tile.seen(), tile.weights());
        softmax.forwardTile(kernels, sequences, tile.first(), tile.weights());
    }

    /// Copies a tile's rows to where they belong.
    private void put(Tile tile, int head, int padded, Tensor whole) {
        long row = (long) whole.columns() * whole.precision().sizeBytes();
        long bytes = tile.queries() * row;
        int batches = tile.rows().rows() / tile.queries();
        for (int b = 0; b < batches; b++) {
            long to = ((long) b * group * padded + (long) head * padded + tile.first()) * row;
            MemorySegment.copy(tile.rows().memory(), b * bytes, whole.memory(), to, bytes);
        }
    }

    /// Adds a tile's part to the first rows of each of `[N·K, S, d]`.
    private void add(Tile tile, Tensor sums) {
        Lanes lanes = kernels.lanes();
        Tensor part = tile.part();
        int width = sums.columns();
        int keys = tile.keys();
        int padded = sums.rows() * keys / part.rows();
        kernels.rows().run(part.rows(), 2L * width, (from, to) -> {
            for (int row = from; row < to; row++) {
                long source = (long) row * width;
                long target = ((long) (row / keys) * padded + row % keys) * width;
                int j = 0;
                for (; j + Lanes.WIDTH <= width; j += Lanes.WIDTH) {
                    FLOATS.store(
                            FLOATS.load(sums.memory(), target + j).add(lanes.load(part.memory(), source + j)),
                            sums.memory(),
                            target + j);
                }
                for (; j < width; j++) sums.set(target + j, sums.get(target + j) + part.get(source + j));
            }
        });
    }

    private void round(Tensor sums, Tensor rounded) {
        Lanes lanes = kernels.lanes();
        int width = sums.columns();
        kernels.rows().run(sums.rows(), width, (from, to) -> {
            long end = (long) to * width;
            long i = (long) from * width;
            for (; i + Lanes.WIDTH <= end; i += Lanes.WIDTH) {
                lanes.store(FLOATS.load(sums.memory(), i), rounded.memory(), i);
            }
            for (; i < end; i++) rounded.set(i, sums.get(i));
        });
    }
}
