package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.PrivacyLedger;
import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.TrainingStats;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.privacy.PrivacyBudget;
import io.adaptermill.lora.privacy.PrivateGradient;
import io.adaptermill.lora.transformer.Activations;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.variant.Level;
import io.adaptermill.lora.variant.Method;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Privacy;
import io.adaptermill.schemas.policy.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
        return train(new Assignment(parent, examples, recipe, seed, progress));
    }

    public TrainingOutcome train(Assignment assignment) {
        try (Kernels kernels = Kernels.open(base.precision(), threads);
                Decoder decoder = new Decoder(base, kernels, activations(assignment.recipe()))) {
            return train(assignment, decoder, kernels);
        }
    }

    /// Begins to train several batches at once; close it when all have ended, or to abort them.
    public SharedTraining begin(List<Assignment> assignments) {
        Activations activations =
                assignments.stream().anyMatch(one -> activations(one.recipe()) == Activations.RECOMPUTED)
                        ? Activations.RECOMPUTED
                        : Activations.KEPT;
        Kernels kernels = Kernels.open(base.precision(), threads);
        return new SharedTraining(this, assignments, kernels, new Decoder(base, kernels, activations));
    }

    /// @param passes what goes through the base
    /// @param kernels for all else
    TrainingOutcome train(Assignment assignment, Passes passes, Kernels kernels) {
        Recipe recipe = assignment.recipe();
        if (assignment.examples().isEmpty()) {
            throw new IllegalArgumentException("a batch must have at least one example");
        }
        Optional<String> refusal = Support.refusal(recipe);
        if (refusal.isPresent()) return new TrainingOutcome.Failed(0, refusal.get());
        Method method = Methods.of(recipe);
        LoraConfig wanted = method.config(PlainConfig.of(recipe));
        Optional<String> misfit =
                assignment.parent().flatMap(adapter -> Continuation.misfit(adapter, method, wanted, recipe));
        if (misfit.isPresent()) return new TrainingOutcome.Failed(0, misfit.get());
        Optional<String> above = assignment.level().flatMap(level -> Continuation.misfit(level, wanted, base.config()));
        if (above.isPresent()) return new TrainingOutcome.Failed(0, above.get());
        Optional<String> budget = PlainConfig.budgetRefusal(recipe, base.config());
        if (budget.isPresent()) return new TrainingOutcome.Failed(0, budget.get());
        Optional<PrivacyBudget> privacy = recipe.privacy().map(asked -> budget(asked, assignment));
        if (privacy.orElse(null) instanceof PrivacyBudget.Refused(String reason)) {
            return new TrainingOutcome.Failed(0, reason);
        }
        int tokensMax = Math.min(recipe.tokensPerExampleMax(), base.config().context());
        List<Lesson> lessons = assignment.examples().stream()
                .map(example -> Lesson.of(example, rendering, tokensMax))
                .toList();
        TrainingOutcome outcome = train(assignment, method, wanted, lessons, passes, kernels);
        return privacy.orElse(null) instanceof PrivacyBudget.Allowed(PrivacyLedger after)
                ? recorded(outcome, after)
                : outcome;
    }

    private static PrivacyBudget budget(Privacy asked, Assignment assignment) {
        int examples = assignment.examples().size();
        Recipe recipe = assignment.recipe();
        PrivacyLedger.Step step =
                new PrivacyLedger.Step(asked.noiseMultiplier(), StepPlan.sampleRate(examples, recipe));
        return PrivacyBudget.of(asked, assignment.parent(), step, StepPlan.count(examples, recipe));
    }

    /// With what the lineage has spent beside the weights.
    private static TrainingOutcome recorded(TrainingOutcome outcome, PrivacyLedger spent) {
        return switch (outcome) {
            case TrainingOutcome.Failed failed -> failed;
            case TrainingOutcome.Trained(Adapter adapter, TrainingStats stats) ->
                new TrainingOutcome.Trained(
                        adapter.optimizer()
                                .map(state -> adapter.withOptimizer(state.withPrivacy(spent)))
                                .orElse(adapter),
                        stats);
        };
    }

    private TrainingOutcome train(
            Assignment assignment,
            Method method,
            LoraConfig wanted,
            List<Lesson> lessons,
            Passes passes,
            Kernels kernels) {
        Recipe recipe = assignment.recipe();
        long seed = assignment.seed();
        Practice practice = recipe.practice().orElse(Practice.DEFAULT);
        Optional<Adapter> start = assignment.parent().map(adapter -> Continuation.start(adapter, recipe, seed));
        NewAdapter begun = start.isPresent()
                ? new NewAdapter(method, Continuation.trained(start.get(), wanted, recipe))
                : NewAdapter.of(method, wanted, lessons, recipe, passes, base, kernels);
        LoraConfig lora = begun.lora();
        List<List<Lesson>> plan = StepPlan.of(lessons, recipe, seed);
        int steps = plan.size();
        if (plan.stream().allMatch(List::isEmpty)) {
            return new TrainingOutcome.Failed(
                    0, "no private step drew an example: ask for more epochs or a larger examplesPerStep");
        }
        Optional<String> tooHigh = method.tooHigh(start, lora, steps);
        if (tooHigh.isPresent()) return new TrainingOutcome.Failed(0, tooHigh.get());
        Optional<Level> level = assignment.level().map(Level::new);
        try (Workspace memory = new Workspace();
                Workspace masks = new Workspace();
                Workspace moments =
                        memoryOfMoments(method.layout(base.config(), lora, 0, Optional.empty()), practice)) {
            LearningState state =
                    new LearningState(begun.method(), lora, level, start, seed, steps, base, kernels, memory, moments);
            Continual continual = recipe.continual().orElse(Continual.DEFAULT);
            Holding holding =
                    Holding.of(continual, assignment.parent().or(assignment::level), state, base, kernels, memory);
            int vocabulary = base.config().vocabulary();
            Dropout dropout = new Dropout(practice.dropout(), seed, masks);
            Optional<AdapterLayers> reference =
                    level.map(above -> AdapterLayers.of(above.adapter(), base, kernels, memory));
            Optional<PrivateGradient> privately = recipe.privacy()
                    .map(asked -> new PrivateGradient(
                            asked,
                            StepPlan.sampleRate(lessons.size(), recipe) * lessons.size(),
                            seed,
                            new AdapterParameters(state.layout(), memory)));
            return new TrainingRun(passes, kernels, state, recipe, holding, dropout, reference, privately, vocabulary)
                    .train(lessons, seed, assignment.progress());
        }
    }

    private static Activations activations(Recipe recipe) {
        Practice practice = recipe.practice().orElse(Practice.DEFAULT);
        return practice.checkpointing() ? Activations.RECOMPUTED : Activations.KEPT;
    }

    /// In a file from the recipe's size on; the same bits either way.
    private static Workspace memoryOfMoments(AdapterLayout layout, Practice practice) {
        long bytes = 2L * Float.BYTES * layout.size();
        return bytes > ((long) practice.pagedAboveMiB() << 20)
                ? Workspace.paged(Path.of(System.getProperty("java.io.tmpdir")))
                : new Workspace();
    }
}
