package io.adaptermill.lora;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.train.MicroBatches;
import io.adaptermill.lora.train.Rendering;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Scores responses under the base model or one adapter, a batch at a time.
///
/// Safe to use from several threads: each call has its own memory.
public final class Scorer {
    /// Longer conversations lose their oldest turns, as in training, and a scorer's memory stays bounded.
    private static final int TOKENS_MAX = 2048;

    private final BaseModel base;
    private final FrozenDecoder frozen;

    /// Makes all ready, so that the first scoring takes no longer than the others.
    public Scorer(BaseModel base) {
        this.base = base;
        this.frozen = base.decoder();
    }

    /// @param adapter absent for the base model
    /// @return one score for each completion, in their order
    /// @throws IllegalArgumentException if the adapter belongs to another base model
    public List<Score> score(Optional<Adapter> adapter, List<Completion> completions) {
        List<TokenSequence> sequences = sequences(completions);
        double[] nats = nats(adapter, sequences);
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < nats.length; i++)
            scores.add(new Score(nats[i], sequences.get(i).targets()));
        return List.copyOf(scores);
    }

    /// How far an adapter's answers are from another's: the mean over a response's tokens of `KL(anchor ‖ adapter)` in
    /// nats, between the whole distributions.
    ///
    /// @param adapter absent for the base model, like the anchor
    /// @return one number for each completion, in their order
    public List<Double> divergences(Optional<Adapter> adapter, Optional<Adapter> anchor, List<Completion> completions) {
        try (Kernels kernels = Kernels.open(frozen.precision(), Kernels.threads());
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(frozen, kernels)) {
            Optional<AdapterLayers> own = adapter.map(value -> AdapterLayers.of(value, frozen, kernels, memory));
            Optional<AdapterLayers> other = anchor.map(value -> AdapterLayers.of(value, frozen, kernels, memory));
            List<Double> means = new ArrayList<>();
            for (List<TokenSequence> piece : MicroBatches.of(sequences(completions), TokenSequence::rows)) {
                TokenBatch batch = TokenBatch.of(piece, MicroBatches.SCORES_MAX);
                double[] labels = decoder.divergences(batch, own, other);
                double[] sums = new double[piece.size()];
                for (int label = 0; label < labels.length; label++) sums[batch.sequences()[label]] += labels[label];
                for (int i = 0; i < sums.length; i++)
                    means.add(sums[i] / piece.get(i).targets());
            }
            return List.copyOf(means);
        }
    }

    private List<TokenSequence> sequences(List<Completion> completions) {
        Rendering rendering = new ChatRendering(base.text());
        int tokensMax = Math.min(TOKENS_MAX, base.config().context());
        return completions.stream()
                .map(completion -> rendering.sequence(completion.prompt(), completion.response(), tokensMax))
                .toList();
    }

    private double[] nats(Optional<Adapter> adapter, List<TokenSequence> sequences) {
        try (Kernels kernels = Kernels.open(frozen.precision(), Kernels.threads());
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(frozen, kernels)) {
            Optional<AdapterLayers> layers = adapter.map(value -> AdapterLayers.of(value, frozen, kernels, memory));
            return new SequenceScorer(decoder).nats(sequences, layers);
        }
    }
}
