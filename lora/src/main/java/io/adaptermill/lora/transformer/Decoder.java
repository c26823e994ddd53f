package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs batches of whole sequences through the base and one adapter: likelihoods, and the adapter's gradient.
///
/// Owned by one thread. Holds what a step needs and uses it again for the next; the base is shared.
public final class Decoder implements AutoCloseable {
    private final FrozenDecoder base;
    private final ModelConfig config;
    private final Kernels kernels;
    private final Activations activations;
    private final Workspace fixed = new Workspace();
    private final Workspace step = new Workspace();
    private final Workspace passing = new Workspace();
    private final Attention attention;
    private final Block block;
    private final BlockBackward blockBackward;
    private Rotary rotary;

    /// @param kernels of the base's precision, closed by whoever opened them
    public Decoder(FrozenDecoder base, Kernels kernels) {
        this(base, kernels, Activations.KEPT);
    }

    /// @param kernels of the base's precision, closed by whoever opened them
    /// @param activations what [#learn] keeps
    public Decoder(FrozenDecoder base, Kernels kernels, Activations activations) {
        if (kernels.precision() != base.precision()) {
            throw new IllegalArgumentException(
                    "kernels must have the base's precision " + base.precision() + ", had " + kernels.precision());
        }
        this.base = base;
        this.config = base.config();
        this.kernels = kernels;
        this.activations = activations;
        WeightScratch weights = new WeightScratch(fixed, config, base.precision());
        attention = new Attention(config, kernels);
        block = new Block(config, kernels, attention, weights);
        blockBackward = new BlockBackward(kernels, attention, weights);
        rotary = new Rotary(config.rotaryFrequencies(), 16);
    }

    /// Chooses how much each label counts, once its likelihood is known.
    @FunctionalInterface
    public interface Weigher {
        /// @param nats negative log-likelihood of each label of the batch
        /// @return derivative of the loss by each of them
        double[] weigh(double[] nats);
    }

    /// Negative log-likelihood of each label.
    public double[] score(TokenBatch batch, Optional<AdapterLayers> adapter) {
        step.reset();
        return forward(batch, adapter, false).nats();
    }

    /// Logits of each label's row, for comparisons with other programs: `[labels or more, V]`, valid until
    /// the next call.
    public Tensor logits(TokenBatch batch, Optional<AdapterLayers> adapter) {
        step.reset();
        Hidden hidden = run(batch, adapter, false);
        return new OutputHead(base, kernels, batch, step).logits(batch, hidden.residual(), hidden.pending(), step);
    }

    /// Forward and backward; adds the gradient of the weighted labels to `gradients`.
    ///
    /// @return negative log-likelihood of each label
    public double[] learn(TokenBatch batch, AdapterLayers adapter, Weigher weigher, AdapterParameters gradients) {
        step.reset();
        Run run = forward(batch, Optional.of(adapter), true);
        double[] weights = weigher.weigh(run.nats());
        backward(batch, adapter, run, weights, gradients);
        return run.nats();
    }

    /// As [#learn], with the pull of an anchor.
    ///
    /// @return what the labels' divergences from the anchor cost together
    public double learn(
            TokenBatch batch, AdapterLayers adapter, Anchor anchor, Weigher weigher, AdapterParameters gradients) {
        step.reset();
        OutputHead head = new OutputHead(base, kernels, batch, step);
        Hidden anchored = run(batch, anchor.adapter(), false);
        head.hold(batch, anchored.residual(), anchored.pending(), anchor.weight(), step);
        Run run = forward(batch, Optional.of(adapter), head, true);
        backward(batch, adapter, run, weigher.weigh(run.nats()), gradients);
        return head.divergence();
    }

    /// Memory taken from the system so far, which grows with the largest batch and is used again.
    public long sizeBytes() {
        return fixed.sizeBytes() + step.sizeBytes() + passing.sizeBytes();
    }

    @Override
    public void close() {
        step.close();
        passing.close();
        fixed.close();
    }

    private record Run(Hidden hidden, OutputHead head, double[] nats) {}

    /// What leaves the last block: the final norm's input is `residual + pending`.
    ///
    /// @param tapes one for each block, or one that served all in turn
    /// @param entries the residual at each block's entry, where blocks will run again; else empty
    private record Hidden(
            List<LayerTape> tapes, List<Tensor> entries, Block.Buffers buffers, Tensor residual, Tensor pending) {}

    private Run forward(TokenBatch batch, Optional<AdapterLayers> adapter, boolean keep) {
        return forward(batch, adapter, new OutputHead(base, kernels, batch, step), keep);
    }

    private Run forward(TokenBatch batch, Optional<AdapterLayers> adapter, OutputHead head, boolean keep) {
        Hidden hidden = run(batch, adapter, keep);
        double[] nats = head.forward(batch, hidden.residual(), hidden.pending(), keep, step);
        return new Run(hidden, head, nats);
    }

    private Hidden run(TokenBatch batch, Optional<AdapterLayers> adapter, boolean keep) {
        boolean again = activations == Activations.RECOMPUTED;
        Block.Buffers buffers = buffers(batch, again ? passing : step);
        Tensor before = embed(batch);
        Tensor output = step.tensor(kernels.precision(), batch.rows(), config.hidden());
        Optional<Tensor> pending = Optional.empty();
        List<LayerTape> tapes = new ArrayList<>();
        List<Tensor> entries = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            if (tapes.isEmpty() || (keep && !again)) {
                tapes.add(new LayerTape(config, batch, kernels.precision(), step));
            }
            LayerTape tape = tapes.getLast();
            block.forward(part(layer, adapter), before, pending, output, tape, buffers);
            if (keep && again) entries.add(copy(tape.entry));
            if (again) passing.reset();
            before = tape.middle;
            pending = Optional.of(output);
        }
        return new Hidden(tapes, entries, buffers, before, output);
    }

    private void backward(
            TokenBatch batch, AdapterLayers adapter, Run run, double[] weights, AdapterParameters gradients) {
        BlockBackward.Gradients d = gradientBuffers(batch, gradients);
        run.head().backward(batch, weights, d.residual(), d.low(), step);
        Hidden hidden = run.hidden();
        for (int layer = config.layers() - 1; layer >= 0; layer--) {
            Block.Part part = part(layer, Optional.of(adapter));
            blockBackward.backward(part, tape(part, hidden), hidden.buffers(), d);
        }
    }

    /// What the block's forward left, or leaves now when it runs again.
    private LayerTape tape(Block.Part part, Hidden hidden) {
        if (hidden.entries().isEmpty()) return hidden.tapes().get(part.index());
        LayerTape tape = hidden.tapes().getFirst();
        Tensor entry = hidden.entries().get(part.index());
        block.forward(part, entry, Optional.empty(), hidden.pending(), tape, hidden.buffers());
        return tape;
    }

    private Tensor copy(Tensor tensor) {
        Tensor copy = step.tensor(tensor.precision(), tensor.rows(), tensor.columns());
        copy.memory().copyFrom(tensor.memory());
        return copy;
    }

    private Block.Part part(int layer, Optional<AdapterLayers> adapter) {
        return new Block.Part(layer, base.layer(layer), adapter);
    }

    /// @param kept for what the updates keep of each block
    private Block.Buffers buffers(TokenBatch batch, Workspace kept) {
        int rows = batch.rows();
        int qkv = (config.heads() + 2 * config.headsKv()) * config.headDim();
        return new Block.Buffers(
                batch,
                rotaryFor(batch),
                step.tensor(kernels.precision(), rows, config.hidden()),
                step.tensor(kernels.precision(), rows, qkv),
                step.tensor(kernels.precision(), rows, config.intermediate()),
                attention.scratch(batch, step),
                kept);
    }

    private BlockBackward.Gradients gradientBuffers(TokenBatch batch, AdapterParameters gradients) {
        int rows = batch.rows();
        Precision precision = kernels.precision();
        return new BlockBackward.Gradients(
                step.tensor(Precision.F32, rows, config.hidden()),
                step.tensor(precision, rows, config.hidden()),
                step.tensor(precision, rows, config.hidden()),
                step.tensor(precision, rows, config.intermediate()),
                step.tensor(precision, rows, 2 * config.intermediate()),
                step.tensor(precision, rows, config.heads() * config.headDim()),
                step.tensor(precision, rows, (config.heads() + 2 * config.headsKv()) * config.headDim()),
                passing,
                gradients);
    }

    private Rotary rotaryFor(TokenBatch batch) {
        int longest =
                batch.groups().stream().mapToInt(group -> group.padded()).max().orElseThrow();
        if (longest > rotary.positions()) {
            rotary = new Rotary(config.rotaryFrequencies(), Integer.highestOneBit(longest) * 2);
        }
        return rotary;
    }

    /// `[T, D]` float32.
    private Tensor embed(TokenBatch batch) {
        Tensor embedding = base.embedding();
        Lanes from = embedding.precision().lanes();
        Lanes to = Precision.F32.lanes();
        int width = config.hidden();
        Tensor x = step.tensor(Precision.F32, batch.rows(), width);
        kernels.rows().run(batch.rows(), width, (first, last) -> {
            for (int t = first; t < last; t++) {
                long source = (long) batch.tokens()[t] * width;
                for (int j = 0; j < width; j += Lanes.WIDTH) {
                    to.store(from.load(embedding.memory(), source + j), x.memory(), (long) t * width + j);
                }
            }
        });
        return x;
    }
}
