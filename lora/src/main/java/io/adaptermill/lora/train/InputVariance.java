package io.adaptermill.lora.train;

import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.lora.transformer.WeightProbe;
import io.adaptermill.lora.variant.PrincipalInputs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// The principal directions of each linear's input on the bare base, over the first rows of a batch: what goes through
/// in one pass, prompts included.
///
/// A batch that fills the pass repeats itself in the directions that matter, and what PEFT does with more of them, an
/// incremental decomposition, is an approximation. Linears that see the same input share its directions.
final class InputVariance {
    private final Passes passes;
    private final FrozenDecoder base;
    private final Kernels kernels;

    InputVariance(Passes passes, FrozenDecoder base, Kernels kernels) {
        this.passes = passes;
        this.base = base;
        this.kernels = kernels;
    }

    /// @param counts how many directions of each module's input, by path, in the layout's order
    /// @return in the same order; where linears share an input each has the largest of their counts
    SequencedMap<String, PrincipalInputs> of(
            List<Lesson> lessons, LoraConfig adapted, SequencedMap<String, Integer> counts) {
        Map<String, PrincipalInputs> found = new HashMap<>();
        try (Workspace memory = new Workspace();
                Workspace passing = new Workspace()) {
            TokenBatch batch = firstRows(lessons);
            new ProbedBase(
                            passes,
                            base,
                            kernels,
                            adapted,
                            memory,
                            slots -> probe(slots, counts, batch.used(), found, passing))
                    .learn(batch, nats -> new double[nats.length]);
        }
        SequencedMap<String, PrincipalInputs> ordered = new LinkedHashMap<>();
        counts.keySet().forEach(path -> ordered.put(path, Objects.requireNonNull(found.get(path), path)));
        return ordered;
    }

    private static TokenBatch firstRows(List<Lesson> lessons) {
        List<TokenSequence> taught =
                lessons.stream().map(lesson -> lesson.sequences().getFirst()).toList();
        return TokenBatch.of(MicroBatches.of(taught, TokenSequence::rows).getFirst(), MicroBatches.SCORES_MAX);
    }

    private WeightProbe probe(
            List<Slot> slots,
            SequencedMap<String, Integer> counts,
            int rows,
            Map<String, PrincipalInputs> found,
            Workspace passing) {
        int count = slots.stream()
                .mapToInt(slot -> counts.getOrDefault(slot.path(), 1))
                .max()
                .orElseThrow();
        return (x, dy) -> {
            passing.reset();
            Tensor inputs = passing.tensor(Precision.F32, rows, x.columns());
            for (long at = 0; at < inputs.elements(); at++) inputs.set(at, x.get(at));
            PrincipalInputs principal = PrincipalInputs.of(inputs, count, kernels, passing);
            slots.forEach(slot -> found.put(slot.path(), principal));
        };
    }
}
