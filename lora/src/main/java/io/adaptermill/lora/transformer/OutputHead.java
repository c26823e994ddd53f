package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.CrossEntropy;
import io.adaptermill.lora.kernel.Divergence;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.LongProduct;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Products;
import io.adaptermill.lora.kernel.ResidualRows;
import io.adaptermill.lora.kernel.RmsNorm;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Final norm, logits and cross entropy, for the rows that have a label and no others, a chunk of rows at a
/// time.
///
/// Logits of a chunk are overwritten by their gradient, which at once becomes the gradient of the norm's
/// output; the losses' weights are applied later, in [#backward], when they are known. So no two chunks of
/// logits ever exist, but for those of an [Anchor], which are computed beside them.
final class OutputHead {
    /// Rows of logits at a time: 12 MB with a vocabulary of 49,152.
    private static final int CHUNK_ROWS = 128;

    private static final int ROW_STEP = 16;

    private final FrozenDecoder base;
    private final Kernels kernels;
    private final Tensor picked;
    private final Tensor scale;
    private final Tensor normed;
    private final double[] nats;
    private final int rows;
    private @Nullable Held held;

    /// The anchor's side.
    ///
    /// @param normed the final norm's output with the anchor; then the divergence's gradient by that of the
    /// trained one
    /// @param weight of one label's divergence
    private record Held(Tensor normed, double weight, double[] nats) {}

    OutputHead(FrozenDecoder base, Kernels kernels, TokenBatch batch, Workspace memory) {
        this.base = base;
        this.kernels = kernels;
        int width = base.config().hidden();
        rows = batch.labels();
        nats = new double[rows];
        int padded = padded(rows);
        picked = memory.tensor(Precision.F32, rows, width);
        scale = memory.tensor(Precision.F32, 1, rows);
        normed = memory.tensor(kernels.precision(), padded, width);
    }

    /// So that no chunk has fewer rows than products by rows take.
    private static int padded(int rows) {
        int padded = (rows + ROW_STEP - 1) / ROW_STEP * ROW_STEP;
        int last = padded % CHUNK_ROWS;
        return last == 0 ? padded : padded - last + Math.max(last, Products.ROWS_MIN);
    }

    /// Holds what comes to what another adapter thinks of the same batch.
    ///
    /// @param residual and `pending` as the anchor left them
    void hold(TokenBatch batch, Tensor residual, Tensor pending, double weight, Workspace memory) {
        ResidualRows.pickSum(kernels, residual, pending, batch.labelRows(), picked);
        Tensor anchored = memory.tensor(kernels.precision(), normed.rows(), normed.columns());
        RmsNorm.norm(kernels, picked, base.finalNorm(), base.config().normEps(), scale, anchored);
        held = new Held(anchored, weight, new double[rows]);
    }

    /// What the labels' divergences from the anchor cost together.
    double divergence() {
        return held == null ? 0 : held.weight() * Arrays.stream(held.nats()).sum();
    }

    /// Each label's divergence from the anchor, once [#forward] has run.
    double[] divergences() {
        return held == null ? new double[rows] : held.nats().clone();
    }

    /// Fills the labels' negative log-likelihoods; with `keep`, also their gradients by the final norm's
    /// output.
    double[] forward(TokenBatch batch, Tensor residual, Tensor pending, boolean keep, Workspace memory) {
        ResidualRows.pickSum(kernels, residual, pending, batch.labelRows(), picked);
        RmsNorm.norm(kernels, picked, base.finalNorm(), base.config().normEps(), scale, normed);
        int vocabulary = base.config().vocabulary();
        int most = Math.min(CHUNK_ROWS, normed.rows());
        Tensor space = memory.tensor(kernels.precision(), most, vocabulary);
        Optional<LongProduct> back =
                keep ? Optional.of(new LongProduct(kernels, most, base.head(), memory)) : Optional.empty();
        Tensor beside = held == null ? space : memory.tensor(kernels.precision(), most, vocabulary);
        for (int first = 0; first < rows; first += CHUNK_ROWS) {
            int chunk = Math.min(CHUNK_ROWS, normed.rows() - first);
            int width = normed.columns();
            Tensor x = memory.view(normed, (long) first * width, chunk, width);
            Tensor logits = chunk == most ? space : memory.view(space, 0, chunk, vocabulary);
            int labels = Math.min(chunk, rows - first);
            kernels.products().rowsNt(x, base.head(), logits);
            if (held != null) {
                Tensor anchored = memory.view(beside, 0, chunk, vocabulary);
                Tensor row = memory.view(held.normed(), (long) first * width, chunk, width);
                diverge(held.nats(), row, logits, anchored, first, labels, keep);
            }
            if (back.isPresent()) {
                CrossEntropy.forwardAndGradient(kernels, logits, labels, batch.targets(), nats, first);
                back.get().nn(logits, base.head(), x);
            } else {
                CrossEntropy.forward(kernels, logits, labels, batch.targets(), nats, first);
            }
        }
        return nats;
    }

    /// With `keep`, turns the anchor's rows of a chunk into the gradient of their divergence.
    private void diverge(
            double[] nats, Tensor row, Tensor logits, Tensor anchored, int first, int labels, boolean keep) {
        kernels.products().nt(row, base.head(), anchored);
        Divergence.gradient(kernels, logits, anchored, labels, nats, first);
        if (keep) kernels.products().nn(anchored, base.head(), row);
    }

    /// All logits at once, before any softmax.
    Tensor logits(TokenBatch batch, Tensor residual, Tensor pending, Workspace memory) {
        ResidualRows.pickSum(kernels, residual, pending, batch.labelRows(), picked);
        RmsNorm.norm(kernels, picked, base.finalNorm(), base.config().normEps(), scale, normed);
        Tensor logits =
                memory.tensor(kernels.precision(), normed.rows(), base.config().vocabulary());
        kernels.products().rowsNt(normed, base.head(), logits);
        return logits;
    }

    /// @param weights derivative of the loss by each label's negative log-likelihood
    /// @param residual takes the gradient of the residual, `low` the same in the kernels' precision
    void backward(TokenBatch batch, double[] weights, Tensor residual, Tensor low, Workspace memory) {
        Tensor dPicked = byPicked(normed, memory);
        double[] factors = weights;
        if (held != null) {
            Tensor pull = byPicked(held.normed(), memory);
            ResidualRows.addWeighted(kernels, dPicked, weights, pull, held.weight());
            factors = new double[rows];
            Arrays.fill(factors, 1);
        }
        ResidualRows.scatter(kernels, dPicked, batch.labelRows(), factors, residual, low);
    }

    /// From the gradient of the final norm's output to that of its input.
    private Tensor byPicked(Tensor byNormed, Workspace memory) {
        Tensor dPicked = memory.zeros(Precision.F32, rows, picked.columns());
        Tensor unused = memory.tensor(kernels.precision(), rows, picked.columns());
        RmsNorm.backward(kernels, byNormed, picked, scale, base.finalNorm(), dPicked, unused);
        return dPicked;
    }
}
