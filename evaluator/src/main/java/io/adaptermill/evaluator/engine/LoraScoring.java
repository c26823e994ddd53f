package io.adaptermill.evaluator.engine;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.evaluator.evidence.Answers;
import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Completion;
import io.adaptermill.lora.Score;
import io.adaptermill.lora.Scorer;
import io.adaptermill.lora.generate.Generation;
import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.Generator;
import io.adaptermill.lora.generate.LoadedAdapter;
import io.adaptermill.lora.generate.Sampling;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Scores on one base model and reads from one store. Used by one thread.
public final class LoraScoring implements Scoring {
    private static final int GENERATOR_THREADS = 2;
    private static final Duration STORE_RETRY_AFTER = Duration.ofSeconds(2);

    private final BaseModel base;
    private final Scorer scorer;
    private final Generator generator;
    private final ArtifactStore store;

    /// Takes over the base model, which is closed with it.
    public LoraScoring(BaseModel base, ArtifactStore store) {
        this.base = base;
        this.scorer = new Scorer(base);
        this.generator = new Generator(base, GENERATOR_THREADS, Generator.CONTEXT_DEFAULT);
        this.store = store;
    }

    @Override
    public Digest base() {
        return new Digest(base.fingerprint());
    }

    @Override
    public AdapterArtifact artifact(Digest digest) {
        try {
            return store.get(digest);
        } catch (UncheckedIOException e) {
            throw new Unavailable("the artifact store does not answer: " + e.getMessage(), STORE_RETRY_AFTER, e);
        }
    }

    @Override
    public List<Double> losses(Optional<Adapter> adapter, List<Completion> completions) {
        if (completions.isEmpty()) return List.of();
        return scorer.score(adapter, completions).stream()
                .map(Score::natsPerToken)
                .toList();
    }

    @Override
    public List<Double> divergences(Optional<Adapter> adapter, Optional<Adapter> from, List<Completion> completions) {
        return completions.isEmpty() ? List.of() : scorer.divergences(adapter, from, completions);
    }

    @Override
    public Answers answers(Optional<Adapter> adapter, List<Prompt> prompts, int tokensMax) {
        if (prompts.isEmpty()) return new Answers(List.of(), 0);
        Optional<LoadedAdapter> loaded = adapter.map(generator::load);
        long began = System.nanoTime();
        List<Generation> answers = prompts.stream()
                .map(prompt -> generator.start(
                        new GenerationRequest(prompt, tokensMax, Sampling.GREEDY, List.of()), loaded, _ -> {}))
                .toList();
        while (!answers.stream().allMatch(Generation::isFinished)) generator.step(answers);
        double millis = (System.nanoTime() - began) / 1e6;
        long tokens = answers.stream()
                .mapToLong(answer -> answer.result().completionTokens())
                .sum();
        return new Answers(
                answers.stream().map(answer -> answer.result().text()).toList(), millis / Math.max(1, tokens));
    }

    @Override
    public void close() {
        generator.close();
        base.close();
    }
}
