package io.adaptermill.lora.score;

import io.adaptermill.lora.train.MicroBatches;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Negative log-likelihoods of many sequences, batched by length.
public final class SequenceScorer {
    private final Passes passes;

    public SequenceScorer(Passes passes) {
        this.passes = passes;
    }

    /// @param adapter absent for the base model
    /// @return nats of each sequence's targets together
    public double[] nats(List<TokenSequence> sequences, Optional<AdapterLayers> adapter) {
        List<Integer> byLength = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) byLength.add(i);
        byLength.sort(Comparator.comparingInt(i -> -sequences.get(i).rows()));
        double[] nats = new double[sequences.size()];
        for (List<Integer> piece :
                MicroBatches.of(byLength, i -> sequences.get(i).rows())) {
            List<TokenSequence> together = piece.stream().map(sequences::get).toList();
            TokenBatch batch = TokenBatch.of(together, MicroBatches.SCORES_MAX);
            double[] labels = passes.score(batch, adapter);
            for (int label = 0; label < labels.length; label++) {
                nats[piece.get(batch.sequences()[label])] += labels[label];
            }
        }
        return nats;
    }
}
