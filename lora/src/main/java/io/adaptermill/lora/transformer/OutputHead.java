package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.CrossEntropy;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.ResidualRows;
import io.adaptermill.lora.kernel.RmsNorm;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;

/// Final norm, logits and cross entropy, for the rows that have a label and no others, a chunk of rows at a
/// time.
///
/// Logits of a chunk are overwritten by their gradient, which at once becomes the gradient of the norm's
/// output; the losses' weights are applied later, in [#backward], when they are known. So no two chunks of
/// logits ever exist.
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

    OutputHead(FrozenDecoder base, Kernels kernels, TokenBatch batch, Workspace memory) {
        this.base = base;
        this.kernels = kernels;
        int width = base.config().hidden();
        rows = batch.labels();
        nats = new double[rows];
        int padded = (rows + ROW_STEP - 1) / ROW_STEP * ROW_STEP;
        picked = memory.tensor(Precision.F32, rows, width);
        scale = memory.tensor(Precision.F32, 1, rows);
        normed = memory.tensor(kernels.precision(), padded, width);
    }

    /// Fills the labels' negative log-likelihoods; with `keep`, also their gradients by the final norm's
    /// output.
    double[] forward(TokenBatch batch, Tensor residual, Tensor pending, boolean keep, Workspace memory) {
        ResidualRows.pickSum(kernels, residual, pending, batch.labelRows(), picked);
        RmsNorm.norm(kernels, picked, base.finalNorm(), base.config().normEps(), scale, normed);
        int vocabulary = base.config().vocabulary();
        int most = Math.min(CHUNK_ROWS, normed.rows());
        Tensor space = memory.tensor(kernels.precision(), most, vocabulary);
        for (int first = 0; first < rows; first += CHUNK_ROWS) {
            int chunk = Math.min(CHUNK_ROWS, normed.rows() - first);
            int width = normed.columns();
            Tensor x = memory.view(normed, (long) first * width, chunk, width);
            Tensor logits = chunk == most ? space : memory.view(space, 0, chunk, vocabulary);
            int labels = Math.min(chunk, rows - first);
            kernels.products().nt(x, base.head(), logits);
            if (keep) {
                CrossEntropy.forwardAndGradient(kernels, logits, labels, batch.targets(), nats, first);
                kernels.products().nn(logits, base.head(), x);
            } else {
                CrossEntropy.forward(kernels, logits, labels, batch.targets(), nats, first);
            }
        }
        return nats;
    }

    /// All logits at once, before any softmax.
    Tensor logits(TokenBatch batch, Tensor residual, Tensor pending, Workspace memory) {
        ResidualRows.pickSum(kernels, residual, pending, batch.labelRows(), picked);
        RmsNorm.norm(kernels, picked, base.finalNorm(), base.config().normEps(), scale, normed);
        Tensor logits =
                memory.tensor(kernels.precision(), normed.rows(), base.config().vocabulary());
        kernels.products().nt(normed, base.head(), logits);
        return logits;
    }

    /// @param weights derivative of the loss by each label's negative log-likelihood
    /// @param residual takes the gradient of the residual, `low` the same in the kernels' precision
    void backward(TokenBatch batch, double[] weights, Tensor residual, Tensor low, Workspace memory) {
        Tensor dPicked = memory.zeros(Precision.F32, rows, picked.columns());
        Tensor unused = memory.tensor(kernels.precision(), rows, picked.columns());
        RmsNorm.backward(kernels, normed, picked, scale, base.finalNorm(), dPicked, unused);
        ResidualRows.scatter(kernels, dPicked, batch.labelRows(), weights, residual, low);
    }
}
