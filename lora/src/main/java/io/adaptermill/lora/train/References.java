package io.adaptermill.lora.train;

import io.adaptermill.lora.loss.Kto;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.TokenSequence;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the reference, the base model with the level above the tenant or with no adapter, thinks of the batch's
/// responses; computed once a run.
final class References {
    private final SequenceScorer scorer;
    private final LessonLosses losses;
    private final Optional<AdapterLayers> reference;
    private final Map<TokenSequence, Double> known = new IdentityHashMap<>();

    /// @param reference what lies above the tenant; absent for the bare base
    References(SequenceScorer scorer, LessonLosses losses, Optional<AdapterLayers> reference) {
        this.reference = reference;
        this.scorer = scorer;
        this.losses = losses;
    }

    LessonLosses losses() {
        return losses;
    }

    /// Scores all that the lessons' losses will compare with.
    void prepare(List<Lesson> lessons) {
        List<TokenSequence> wanted = lessons.stream()
                .filter(losses::needsReference)
                .flatMap(lesson -> lesson.sequences().stream())
                .toList();
        double[] nats = scorer.nats(wanted, reference);
        for (int i = 0; i < nats.length; i++) known.put(wanted.get(i), nats[i]);
    }

    /// Nats of the lesson's sequences; empty if it needs none.
    double[] of(Lesson lesson) {
        if (!losses.needsReference(lesson)) return new double[0];
        return lesson.sequences().stream().mapToDouble(this::of).toArray();
    }

    /// KTO's divergence, estimated from each rating's prompt with the response of the rating before it; 0 for a
    /// loss that does not ask for it.
    double divergence(List<Lesson> lessons, Optional<AdapterLayers> adapter) {
        if (!losses.ratings().needsDivergence()) return 0;
        List<TokenSequence> rated = new ArrayList<>();
        for (Lesson lesson : lessons) {
            if (lesson instanceof Lesson.Rated(var response, var unused)) rated.add(response);
        }
        if (rated.size() < 2) return 0;
        List<TokenSequence> mismatched = new ArrayList<>();
        for (int i = 0; i < rated.size(); i++) {
            mismatched.add(rated.get(i).answeredBy(rated.get((i + rated.size() - 1) % rated.size())));
        }
        return Kto.divergence(scorer.nats(mismatched, adapter), scorer.nats(mismatched, reference));
    }

    private double of(TokenSequence sequence) {
        Double nats = known.get(sequence);
        if (nats == null) throw new IllegalStateException("prepare() scores every sequence before the first step");
        return nats;
    }
}
