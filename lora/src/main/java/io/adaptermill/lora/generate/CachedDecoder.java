package io.adaptermill.lora.generate;

import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.RowPool;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The forward pass over a mixed batch of rows: any conversations, any positions, any adapters.
///
/// Prefill and decode are the same thing here, a conversation that has many rows or one in a step. Float32
/// throughout over the 4-bit base; each row's numbers are the same to the last bit whatever shares the
/// batch with it ([RowProducts]). Java only, no torch: serving needs neither its 200 MB nor its care at
/// exit.
///
/// Owned by one thread.
final class CachedDecoder {
    private static final int RANK_MAX = io.adaptermill.artifacts.LoraConfig.RANK_MAX;

    private final ModelConfig config;
    private final List<BlockWeights> blocks = new ArrayList<>();
    private final FrozenTensor embedding;
    private final FrozenTensor head;
    private final float[] finalNorm;
    private final RowProducts products;
    private final CachedAttention attention;
    private final int rowsMax;

    /// Activations, `[rowsMax, …]`.
    private final float[] x;

    private final float[] normed;
    private final float[] qkv;
    private final float[] attended;
    private final float[] added;
    private final float[] gateUp;
    private final float[] gated;
    private final float[] logits;
    /// Native for the reason that [RowProducts] gives.
    private final MemorySegment embedded;
    private final float[] z = new float[RANK_MAX];

    /// @param rowsMax most rows of a step
    /// @param positionsMax most positions of a conversation
    CachedDecoder(Checkpoint checkpoint, int rowsMax, int positionsMax, RowPool pool) {
        this.config = checkpoint.config();
        requireSupported(config);
        this.rowsMax = rowsMax;
        for (int layer = 0; layer < config.layers(); layer++) blocks.add(BlockWeights.of(checkpoint, layer));
        this.embedding = checkpoint.tensor(Checkpoint.EMBEDDING);
        this.head = checkpoint.head();
        this.finalNorm = BlockWeights.vector(checkpoint.tensor(Checkpoint.FINAL_NORM));
        int hidden = config.hidden();
        int heads = config.heads() * config.headDim();
        this.products = new RowProducts(pool, Math.max(Math.max(hidden, heads), config.intermediate()));
        this.attention =
                new CachedAttention(config, new Rotary(config.rotaryFrequencies(), positionsMax), positionsMax, pool);
        this.embedded = Arena.ofAuto().allocate(4L * hidden, 64);
        this.x = new float[rowsMax * hidden];
        this.normed = new float[rowsMax * hidden];
        this.qkv = new float[rowsMax * attention.qkvWidth()];
        this.attended = new float[rowsMax * heads];
        this.added = new float[rowsMax * hidden];
        this.gateUp = new float[rowsMax * 2 * config.intermediate()];
        this.gated = new float[rowsMax * config.intermediate()];
        this.logits = new float[rowsMax * config.vocabulary()];
    }

    int rowsMax() {
        return rowsMax;
    }

    KeyValues newMemory(int positions) {
        return new KeyValues(config.layers(), config.headsKv() * config.headDim(), positions);
    }

    /// Reads the rows and remembers them.
    ///
    /// @return logits `[rows that want them, vocabulary]` in the rows' order, valid until the next call
    float[] forward(List<StepRow> rows) {
        if (rows.isEmpty() || rows.size() > rowsMax) {
            throw new IllegalArgumentException("rows must be in [1, " + rowsMax + "], were " + rows.size());
        }
        embed(rows);
        for (int layer = 0; layer < blocks.size(); layer++) block(rows, layer);
        return logits(rows);
    }

    private void embed(List<StepRow> rows) {
        for (int r = 0; r < rows.size(); r++) {
            int token = rows.get(r).token();
            embedding.readFloats(token, token + 1, embedded, 0);
            MemorySegment.copy(embedded, ValueLayout.JAVA_FLOAT, 0, x, r * config.hidden(), config.hidden());
        }
    }

    private void block(List<StepRow> rows, int layer) {
        BlockWeights block = blocks.get(layer);
        int hidden = config.hidden();
        int intermediate = config.intermediate();
        int count = rows.size();

        normRows(count, block.attentionNorm());
        int q = Linear.Q.out(config);
        int k = Linear.K.out(config);
        project(rows, layer, Linear.Q, normed, qkv, attention.qkvWidth(), 0);
        project(rows, layer, Linear.K, normed, qkv, attention.qkvWidth(), q);
        project(rows, layer, Linear.V, normed, qkv, attention.qkvWidth(), q + k);
        block.headNorms().ifPresent(norms -> attention.norm(count, norms, qkv));
        attention.attend(rows, layer, qkv, attended);
        project(rows, layer, Linear.O, attended, added, hidden, 0);
        RowMath.add(x, added, 0, count * hidden);

        normRows(count, block.feedForwardNorm());
        project(rows, layer, Linear.GATE, normed, gateUp, 2 * intermediate, 0);
        project(rows, layer, Linear.UP, normed, gateUp, 2 * intermediate, intermediate);
        for (int r = 0; r < count; r++) {
            RowMath.swiGlu(gateUp, r * 2 * intermediate, gated, r * intermediate, intermediate);
        }
        project(rows, layer, Linear.DOWN, gated, added, hidden, 0);
        RowMath.add(x, added, 0, count * hidden);
    }

    /// The base for all rows at once, each row's own update, then the bias.
    private void project(List<StepRow> rows, int layer, Linear linear, float[] in, float[] out, int stride, int at) {
        FrozenTensor weight = blocks.get(layer).linear(linear);
        products.multiply(weight, in, rows.size(), out, stride, at);
        for (int r = 0; r < rows.size(); r++) {
            Optional<LoadedAdapter> adapter = rows.get(r).adapter();
            if (adapter.isPresent()) {
                adapter.get().apply(layer, linear, in, r * weight.columns(), out, r * stride + at, z);
            }
        }
        blocks.get(layer).bias(linear).ifPresent(bias -> {
            for (int r = 0; r < rows.size(); r++) RowMath.addBias(out, r * stride + at, bias);
        });
    }

    private float[] logits(List<StepRow> rows) {
        int hidden = config.hidden();
        int wanted = 0;
        for (int r = 0; r < rows.size(); r++) {
            if (!rows.get(r).wantsLogits()) continue;
            System.arraycopy(x, r * hidden, x, wanted * hidden, hidden);
            wanted++;
        }
        if (wanted == 0) return logits;
        normRows(wanted, finalNorm);
        products.multiply(head, normed, wanted, logits, config.vocabulary(), 0);
        return logits;
    }

    private void normRows(int count, float[] weight) {
        for (int r = 0; r < count; r++) RowMath.norm(x, r * config.hidden(), weight, config.normEps(), normed);
    }

    private static void requireSupported(ModelConfig config) {
        if (config.hidden() % 16 == 0 && config.intermediate() % 16 == 0 && config.headDim() % 16 == 0) return;
        throw new IllegalArgumentException(
                "cannot generate with this base model: its hidden, intermediate and headDim must be multiples of 16,"
                        + " were %d, %d and %d; use another base model"
                                .formatted(config.hidden(), config.intermediate(), config.headDim()));
    }
}
