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
                "what all blocks share, forward and backward, and attention's scores"));
        parts.add(new Part("activations: head", head(), "the labels' rows, and " + LOGIT_ROWS + " rows of logits"));
        parts.add(new Part(
                "widened weight",
                FusedShape.largestWeight(model) * p,
                "the largest linear, in " + 8 * p + " bits, one at a time"));
    }

    /// Of one token: two residuals and their scales, attention's output, gate and up, q, k and v, and `x Aᵀ`.
    private long bytesOfABlock() {
        return 2 * d * F32 + 2 * F32 + (q + 2 * f + c + FusedShape.inner(work.rank())) * p;
    }

    private long passing() {
        long forward = d * F32 + (2 * d + c + f) * p;
        long backward = d * F32 + (2 * d + f + 2 * f + q + c) * p;
        long attention = (q + c) * p;
        long scores = 2L * work.sequences() * model.heads() * work.tokens() * work.tokens() * p;
        long lowRank =
                FusedShape.inner(work.rank()) * p * rows + FusedShape.numbers(model, work.rank()) / model.layers() * p;
        return rows * (forward + backward + attention) + scores + lowRank;
    }

    private long head() {
        long labels = rows;
        return labels * d * (2 * F32 + 2 * p) + LOGIT_ROWS * (long) model.vocabulary() * p;
    }
}
