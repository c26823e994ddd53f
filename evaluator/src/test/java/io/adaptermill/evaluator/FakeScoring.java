package io.adaptermill.evaluator;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.Provenance;
import io.adaptermill.evaluator.evidence.Answers;
import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.lora.Completion;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.policy.Recipe;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// A model on which each adapter is better by the one number in it, everywhere. A question on `bug` breaks the engine.
@Singleton
public final class FakeScoring implements Scoring {
    private static final Digest BASE = Digest.of(new byte[] {7});

    private final Map<Digest, AdapterArtifact> store = new ConcurrentHashMap<>();

    void put(AdapterTrained trained, double betterNats) {
        LowRank module = new LowRank(new FloatTensor(1, 1, new float[] {(float) betterNats}), FloatTensor.zeros(1, 1));
        Adapter adapter = new Adapter(
                new LoraConfig(1, 1, new TreeSet<>(List.of("q_proj"))),
                new TreeMap<>(Map.of("model.layers.0.self_attn.q_proj", module)),
                Optional.empty());
        store.put(
                trained.artifact(),
                new AdapterArtifact(
                        adapter,
                        new Provenance(trained.version(), trained.batch(), Optional.empty(), BASE, Recipe.DEFAULT, 1)));
    }

    @Override
    public Digest base() {
        return BASE;
    }

    @Override
    public AdapterArtifact artifact(Digest digest) {
        return Optional.ofNullable(store.get(digest)).orElseThrow(() -> new ArtifactMissing(digest, "the fake store"));
    }

    @Override
    public List<Double> losses(Optional<Adapter> adapter, List<Completion> completions) {
        double better = adapter.map(FakeScoring::number).orElse(0.0);
        return completions.stream().map(completion -> loss(completion, better)).toList();
    }

    private static double loss(Completion completion, double better) {
        if (completion.prompt().equals(Prompt.ofUser("bug"))) {
            throw new IllegalStateException("the engine never expected this");
        }
        return 3 - better;
    }

    @Override
    public List<Double> divergences(Optional<Adapter> adapter, Optional<Adapter> from, List<Completion> completions) {
        return Collections.nCopies(completions.size(), 0.1);
    }

    private static double number(Adapter adapter) {
        return adapter.modules().sequencedValues().getFirst().a().values()[0];
    }

    @Override
    public Answers answers(Optional<Adapter> adapter, List<Prompt> prompts, int tokensMax) {
        return new Answers(Collections.nCopies(prompts.size(), "I'm sorry, I can't help with that."), 5);
    }

    @Override
    public void close() {}
}
