package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.LongProduct;
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
public final class Decoder implements Passes, AutoCloseable {
    private final FrozenDecoder base;
    private final ModelConfig config;
    private final Kernels kernels;
    private final Activations activations;
    private final Workspace fixed = new Workspace();
    private final Workspace step = new Workspace();
    /// For the head, and then for the backward through the blocks.
    private final Workspace phase = new Workspace();
    /// For one block.
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
        prepareProducts();
        WeightScratch weights = new WeightScratch(fixed, config, base.precision());
        attention = new Attention(config, kernels);
        block = new Block(config, kernels, attention, weights);
        blockBackward = new BlockBackward(kernels, attention, weights);
        rotary = new Rotary(config.rotaryFrequencies(), 16);
    }

    private void prepareProducts() {
        for (Fused fused : Fused.values()) {
            kernels.products().prepareRows(fused.out(config), fused.in(config), base.precision());
        }
        kernels.products().prepareRowsNt(config.vocabulary(), config.hidden(), base.precision());
        LongProduct.prepare(kernels, config.vocabulary(), config.hidden(), base.precision());
    }

    /// Chooses how much each label counts, once its likelihood is known.
    @FunctionalInterface
    public interface Weigher {
        /// @param nats negative log-likelihood of each label of the batch
        /// @return derivative of the loss by each of them
        double[] weigh(double[] nats);
    }

    @Override
    public double[] score(TokenBatch batch, Optional<AdapterLayers> adapter) {
        return score(List.of(new ScorePass(batch, adapter))).getFirst();
    }

    /// Negative log-likelihoods of several tenants at once. Each gets the bits that it gets alone.
    ///
    /// @return for each, those of its labels
    public List<double[]> score(List<ScorePass> tenants) {
        step.reset();
        List<TokenBatch> batches = tenants.stream().map(ScorePass::batch).toList();
        TokenBatch batch = TokenBatch.join(batches);
        Run run = forward(batch, Updates.ofScores(batch, tenants), false);
        return TokenBatch.split(batches, run.nats());
    }

    /// Logits of each label's row, for comparisons with other programs: `[labels or more, V]`, valid until
    /// the next call.
    public Tensor logits(TokenBatch batch, Optional<AdapterLayers> adapter) {
        step.reset();
        Hidden hidden = run(batch, Updates.of(batch, adapter), false);
        return new OutputHead(base, kernels, batch, step).logits(batch, hidden.residual(), hidden.pending(), step);
    }

    @Override
    public double[] learn(TokenBatch batch, AdapterLayers adapter, Weigher weigher, AdapterParameters gradients) {
        return learn(List.of(new TenantPass(batch, adapter, weigher, gradients)))
                .getFirst();
    }

    /// Forward and backward of several tenants at once. Each gets the bits that it gets alone.
    ///
    /// @return for each, the negative log-likelihood of its labels
    public List<double[]> learn(List<TenantPass> tenants) {
        step.reset();
        List<TokenBatch> batches = tenants.stream().map(TenantPass::batch).toList();
        TokenBatch batch = TokenBatch.join(batches);
        Updates updates = Updates.of(batch, tenants);
        Run run = forward(batch, updates, true);
        List<double[]> nats = TokenBatch.split(batches, run.nats());
        backward(batch, updates, run, TenantPass.weights(tenants, nats));
        return nats;
    }

    @Override
    public double learn(
            TokenBatch batch, AdapterLayers adapter, Anchor anchor, Weigher weigher, AdapterParameters gradients) {
        step.reset();
        OutputHead head = new OutputHead(base, kernels, batch, step);
        Hidden anchored = run(batch, Updates.of(batch, anchor.adapter()), false);
        head.hold(batch, anchored.residual(), anchored.pending(), anchor.weight(), step);
        Updates updates = Updates.of(batch, adapter, gradients);
        Run run = forward(batch, updates, head, true);
        backward(batch, updates, run, weigher.weigh(run.nats()));
        return head.divergence();
    }

    /// How far an adapter's distribution at each label is from another's, `KL(anchor's ‖ adapter's)` in nats.
    ///
    /// @param adapter absent for the bare base, like the anchor
    public double[] divergences(TokenBatch batch, Optional<AdapterLayers> adapter, Optional<AdapterLayers> anchor) {
        step.reset();
        OutputHead head = new OutputHead(base, kernels, batch, step);
        Hidden anchored = run(batch, Updates.of(batch, anchor), false);
        head.hold(batch, anchored.residual(), anchored.pending(), 1, step);
        forward(batch, Updates.of(batch, adapter), head, false);
        return head.divergences();
    }

    /// Memory taken from the system so far, which grows with the largest batch and is used again.
    public long sizeBytes() {
        return fixed.sizeBytes() + step.sizeBytes() + phase.sizeBytes() + passing.sizeBytes();
    }

    @Override
    public void close() {
        passing.close();
        phase.close();
        step.close();
        fixed.close();
    }

    private record Run(Hidden hidden, OutputHead head, double[] nats) {}

    /// What the blocks leave.
    ///
    /// @param entries of each block, where a backward will ask for them
    /// @param tapes one for each block, or one that served all in turn
    private record Hidden(List<Entry> entries, List<LayerTape> tapes, Block.Buffers buffers) {
        /// The final norm's input is this and [#pending].
        Tensor residual() {
            return tapes.getLast().middle;
        }

        Tensor pending() {
            return tapes.getLast().output;
        }
    }

    private Run forward(TokenBatch batch, Updates updates, boolean keep) {
        return forward(batch, updates, new OutputHead(base, kernels, batch, step), keep);
    }

    private Run forward(TokenBatch batch, Updates updates, OutputHead head, boolean keep) {
        Hidden hidden = run(batch, updates, keep);
        phase.reset();
        double[] nats = head.forward(batch, hidden.residual(), hidden.pending(), keep, phase);
        return new Run(hidden, head, nats);
    }

    private Hidden run(TokenBatch batch, Updates updates, boolean keep) {
        boolean again = activations == Activations.RECOMPUTED;
        Block.Buffers buffers = buffers(batch, again ? passing : step);
        Entry entry = Entry.of(embed(batch));
        List<Entry> entries = new ArrayList<>();
        List<LayerTape> tapes = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            if (tapes.isEmpty() || (keep && !again)) {
                tapes.add(new LayerTape(config, batch, kernels.precision(), step));
            }
            LayerTape tape = tapes.getLast();
            block.forward(part(layer, updates), entry, tape, buffers);
            if (keep) entries.add(again ? Entry.of(step.copy(entry.sum())) : entry);
            if (again) passing.reset();
            entry = Entry.of(tape.middle, tape.output, buffers.entry());
        }
        return new Hidden(entries, tapes, buffers);
    }

    private void backward(TokenBatch batch, Updates updates, Run run, double[] weights) {
        phase.reset();
        BlockBackward.Gradients d = gradientBuffers(batch);
        run.head().backward(batch, weights, d.residual(), d.low(), passing);
        passing.reset();
        Hidden hidden = run.hidden();
        for (int layer = config.layers() - 1; layer >= 0; layer--) {
            Block.Part part = part(layer, updates);
            Entry entry = hidden.entries().get(layer);
            blockBackward.backward(part, entry, tape(part, entry, hidden), hidden.buffers(), d);
        }
    }

    /// What the block's forward left, or leaves now when it runs again.
    private LayerTape tape(Block.Part part, Entry entry, Hidden hidden) {
        if (activations == Activations.KEPT) return hidden.tapes().get(part.index());
        LayerTape tape = hidden.tapes().getFirst();
        block.forward(part, entry, tape, hidden.buffers());
        return tape;
    }

    private Block.Part part(int layer, Updates updates) {
        return new Block.Part(layer, base.layer(layer), updates);
    }

    /// @param kept for what the updates keep of each block
    private Block.Buffers buffers(TokenBatch batch, Workspace kept) {
        int rows = batch.rows();
        int qkv = (config.heads() + 2 * config.headsKv()) * config.headDim();
        return new Block.Buffers(
                batch,
                rotaryFor(batch),
                step.tensor(Precision.F32, rows, config.hidden()),
                step.tensor(kernels.precision(), rows, config.hidden()),
                step.tensor(kernels.precision(), rows, qkv),
                step.tensor(kernels.precision(), rows, config.intermediate()),
                attention.scratch(batch, step),
                kept);
    }

    private BlockBackward.Gradients gradientBuffers(TokenBatch batch) {
        int rows = batch.rows();
        Precision precision = kernels.precision();
        return new BlockBackward.Gradients(
                phase.tensor(Precision.F32, rows, config.hidden()),
                phase.tensor(precision, rows, config.hidden()),
                phase.tensor(precision, rows, config.hidden()),
                phase.tensor(precision, rows, config.intermediate()),
                phase.tensor(precision, rows, 2 * config.intermediate()),
                phase.tensor(precision, rows, config.heads() * config.headDim()),
                phase.tensor(precision, rows, (config.heads() + 2 * config.headsKv()) * config.headDim()),
                passing);
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
