package io.adaptermill.lora.plan;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.ModelConfig;
import java.util.List;

/// What a forward and backward pass keeps, row by row; the letters are those of `transformer`.
///
/// T rows, D model width, F feed-forward width, Q = heads · d, C = (heads + 2 headsKv) · d, S tokens of a
/// sequence.
final class ActivationMemory {
    /// Rows of logits that exist at once.
    private static final int LOGIT_ROWS = 128;
    /// Rows of the head that its backward multiplies at once.
    private static final int HEAD_STRETCH = 1024;

    private static final long F32 = Float.BYTES;

    private final ModelConfig model;
    private final Workload work;
    private final long p;
    private final long rows;
    private final long d;
    private final long f;
    private final long q;
    private final long c;

    ActivationMemory(ModelConfig model, Precision precision, Workload work) {
        this.model = model;
        this.work = work;
        p = precision.sizeBytes();
        rows = work.rows();
        d = model.hidden();
        f = model.intermediate();
        q = (long) model.heads() * model.headDim();
        c = (model.heads() + 2L * model.headsKv()) * model.headDim();
    }

    void addTo(List<Part> parts) {
        long block = rows * bytesOfABlock();
        long entries = rows * d * F32 * model.layers();
        if (MemoryPlan.keeps(work)) {
            parts.add(new Part(
                    "activations: blocks",
                    block * model.layers(),
                    rows + " tokens x " + model.layers() + " blocks x " + bytesOfABlock() + " bytes"));
        } else {
            parts.add(new Part(
                    "activations: blocks",
                    entries + block,
                    rows + " tokens x " + model.layers() + " blocks x " + d * F32
                            + " bytes: entries only, and one block that runs again"));
        }
        parts.add(new Part(
                "activations: passing",
                passing(),
                "what all blocks share, and attention's scores; then " + LOGIT_ROWS
                        + " rows of logits, and in their place the backward's"));
        parts.add(new Part("activations: head", rows * d * (F32 + p), "the labels' rows"));
        parts.add(new Part(
                "widened weight",
                FusedShape.largestWeight(model) * p,
                "the largest linear, in " + 8 * p + " bits, one at a time"));
    }

    /// Of one token: the residual, two scales, the block's and attention's output, gate and up, q, k and v, and
    /// `x Aᵀ`.
    private long bytesOfABlock() {
        return d * F32 + 2 * F32 + (d + q + 2 * f + c + FusedShape.inner(work.rank())) * p;
    }

    private long passing() {
        long forward = 2 * d * F32 + (d + c + f) * p;
        long backward = d * F32 + (2 * d + f + 2 * f + q + c) * p;
        long attention = (q + c) * p;
        long scores = 2L * work.sequences() * model.heads() * work.tokens() * work.tokens() * p;
        long lowRank =
                FusedShape.inner(work.rank()) * p * rows + FusedShape.numbers(model, work.rank()) / model.layers() * p;
        return rows * (forward + attention) + Math.max(logits(), rows * backward) + scores + lowRank;
    }

    /// And their gradient's, a stretch of the vocabulary at a time.
    private long logits() {
        long stretches = (model.vocabulary() + HEAD_STRETCH - 1) / HEAD_STRETCH;
        return LOGIT_ROWS * (model.vocabulary() + stretches * d) * p;
    }
}
