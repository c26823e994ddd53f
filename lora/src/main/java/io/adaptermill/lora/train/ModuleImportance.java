package io.adaptermill.lora.train;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.WeightProbe;
import io.adaptermill.lora.variant.BaseWeights;
import io.adaptermill.schemas.policy.Ranks;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// How much each module's frozen weight W matters to a batch, measured on the bare base: the mean over lessons of
/// `‖∂L/∂W‖`, of `Σ (∂L/∂w)²` (Fisher), or of `Σ |w · ∂L/∂w|` (sensitivity), with L the negative log-likelihood
/// of the lesson's first response.
///
/// One forward and backward for each lesson, because norms and absolute values do not add up over lessons, and
/// one product as large as the weight for each linear: about two epochs' time.
final class ModuleImportance {
    private final Passes passes;
    private final FrozenDecoder base;
    private final Kernels kernels;
    private final Ranks.Importance kind;

    ModuleImportance(Passes passes, FrozenDecoder base, Kernels kernels, Ranks.Importance kind) {
        this.passes = passes;
        this.base = base;
        this.kernels = kernels;
        this.kind = kind;
    }

    /// @param adapted whose targets are measured
    /// @return by module path, in the order of the layout
    SequencedMap<String, Double> of(List<Lesson> lessons, LoraConfig adapted) {
        SequencedMap<String, Double> sums = new LinkedHashMap<>();
        try (Workspace memory = new Workspace();
                Workspace passing = new Workspace()) {
            ProbedBase probed = new ProbedBase(
                    passes, base, kernels, adapted, memory, slots -> probe(slots, sums, lessons.size(), passing));
            probed.slots().forEach(slot -> sums.put(slot.path(), 0.0));
            for (Lesson lesson : lessons) {
                TokenBatch batch = TokenBatch.of(List.of(lesson.sequences().getFirst()), MicroBatches.SCORES_MAX);
                probed.learn(batch, ModuleImportance::ones);
            }
        }
        return sums;
    }

    private WeightProbe probe(List<Slot> slots, SequencedMap<String, Double> sums, int lessons, Workspace passing) {
        int out = slots.stream().mapToInt(Slot::out).sum();
        return (x, dy) -> {
            passing.reset();
            Tensor gradient = passing.tensor(kernels.precision(), out, x.columns());
            kernels.products().tn(dy, x, gradient);
            int row = 0;
            for (Slot slot : slots) {
                sums.merge(slot.path(), measured(slot, gradient, row, passing) / lessons, Double::sum);
                row += slot.out();
            }
        };
    }

    /// Rows side by side, their sums in order.
    private double measured(Slot slot, Tensor gradient, int firstRow, Workspace passing) {
        Row row = row(slot, gradient, firstRow, passing);
        double[] rows = new double[slot.out()];
        kernels.rows().run(rows.length, slot.in(), (from, to) -> {
            for (int r = from; r < to; r++) rows[r] = row.sum(r);
        });
        double sum = 0;
        for (double part : rows) sum += part;
        return kind == Ranks.Importance.GRADIENT_NORM ? Math.sqrt(sum) : sum;
    }

    @FunctionalInterface
    private interface Row {
        double sum(int row);
    }

    private Row row(Slot slot, Tensor gradient, int firstRow, Workspace passing) {
        long first = (long) firstRow * slot.in();
        if (kind != Ranks.Importance.SENSITIVITY) {
            return row -> squares(gradient, first + (long) row * slot.in(), slot.in());
        }
        Tensor weight = new BaseWeights(base, kernels).read(slot, passing);
        return row -> {
            double sum = 0;
            for (long i = (long) row * slot.in(); i < (row + 1L) * slot.in(); i++) {
                sum += Math.abs((double) weight.get(i) * gradient.get(first + i));
            }
            return sum;
        };
    }

    private static double squares(Tensor gradient, long from, int count) {
        double sum = 0;
        for (long i = from; i < from + count; i++) sum += (double) gradient.get(i) * gradient.get(i);
        return sum;
    }

    private static double[] ones(double[] nats) {
        double[] weights = new double[nats.length];
        Arrays.fill(weights, 1);
        return weights;
    }
}
