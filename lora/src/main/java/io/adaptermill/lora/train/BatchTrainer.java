package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Sets a [TrainingRun] up and takes it down: native memory, threads, rendering, the question whether the
/// parent fits.
public final class BatchTrainer {
    private final FrozenDecoder base;
    private final Rendering rendering;
    private final int threads;

    public BatchTrainer(FrozenDecoder base, Rendering rendering) {
        this(base, rendering, Kernels.threads());
    }

    /// @param threads of Java's kernels; changes nothing but the time
    public BatchTrainer(FrozenDecoder base, Rendering rendering, int threads) {
        this.base = base;
        this.rendering = rendering;
        this.threads = threads;
    }

    public TrainingOutcome train(
            Optional<Adapter> parent, List<Example> examples, Recipe recipe, long seed, Progress progress) {
        if (examples.isEmpty()) throw new IllegalArgumentException("a batch must have at least one example");
        Optional<String> refusal = Support.refusal(recipe);
        if (refusal.isPresent()) return new TrainingOutcome.Failed(0, refusal.get());
        LoraConfig lora = lora(recipe);
        Optional<String> misfit = parent.flatMap(adapter -> misfit(adapter, lora));
        if (misfit.isPresent()) return new TrainingOutcome.Failed(0, misfit.get());
        int tokensMax = Math.min(recipe.tokensPerExampleMax(), base.config().context());
        List<Lesson> lessons = examples.stream()
                .map(example -> Lesson.of(example, rendering, tokensMax))
                .toList();
        try (Kernels kernels = Kernels.open(base.precision(), threads);
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(base, kernels)) {
            AdapterLayout layout = new AdapterLayout(base.config(), lora);
            LearningState state = new LearningState(layout, parent, seed, kernels, memory);
            return new TrainingRun(
                            decoder, kernels, state, recipe, base.config().vocabulary())
                    .train(lessons, seed, progress);
        }
    }

    /// All seven linears of every block.
    private static LoraConfig lora(Recipe recipe) {
        TreeSet<String> targets = new TreeSet<>();
        Stream.of(Linear.values()).map(Linear::target).forEach(targets::add);
        return new LoraConfig(recipe.rank(), recipe.alpha(), targets);
    }

    private static Optional<String> misfit(Adapter parent, LoraConfig wanted) {
        if (parent.config().equals(wanted)) return Optional.empty();
        return Optional.of("the recipe asks for " + wanted + ", the parent has " + parent.config()
                + ": keep rank and alpha along a lineage, or start a new one");
    }
}
