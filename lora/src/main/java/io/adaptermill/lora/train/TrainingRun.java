package io.adaptermill.lora.train;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.TrainingStats;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.LearningRate;
import io.adaptermill.lora.privacy.PrivateGradient;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.Anchor;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// Trains one batch: plan the steps, and for each step forward, loss, backward, optimizer.
///
/// Used once, by one thread.
final class TrainingRun {
    private final Passes passes;
    private final Kernels kernels;
    private final LearningState state;
    private final Recipe recipe;
    private final Holding holding;
    private final Dropout dropout;
    private final LessonLosses losses;
    private final References references;
    private final AdamW optimizer;
    private final StepHealth health;
    private final Optional<PrivateGradient> privately;
    private long tokens;

    TrainingRun(
            Passes passes,
            Kernels kernels,
            LearningState state,
            Recipe recipe,
            Holding holding,
            Dropout dropout,
            Optional<AdapterLayers> reference,
            Optional<PrivateGradient> privately,
            int vocabulary) {
        this.passes = passes;
        this.kernels = kernels;
        this.state = state;
        this.recipe = recipe;
        this.holding = holding;
        this.dropout = dropout;
        this.privately = privately;
        this.losses = LessonLosses.of(recipe);
        this.references = new References(new SequenceScorer(passes), losses, reference);
        this.optimizer = new AdamW(recipe.weightDecay(), recipe.gradientNormMax());
        this.health = StepHealth.of(vocabulary);
    }

    TrainingOutcome train(List<Lesson> lessons, long seed, Progress progress) {
        List<List<Lesson>> plan = StepPlan.of(lessons, recipe, seed);
        LearningRate rate = new LearningRate(
                recipe.practice().orElse(Practice.DEFAULT).schedule(),
                recipe.learningRate(),
                plan.size(),
                recipe.warmupShare());
        references.prepare(lessons);
        double first = 0;
        double last = 0;
        for (int step = 1; step <= plan.size(); step++) {
            double loss = privately.isPresent()
                    ? learn(step, plan.get(step - 1), privately.get())
                    : learn(step, plan.get(step - 1));
            state.regularise();
            double norm = optimizer.norm(kernels, state.gradients());
            Optional<String> broken = health.broken(loss, norm);
            if (broken.isPresent()) return new TrainingOutcome.Failed(step, broken.get());
            state.step(optimizer, rate.at(step), norm, holding.penalty());
            if (step == 1) first = loss;
            last = loss;
            progress.step(step, plan.size(), loss);
        }
        holding.pastImportance()
                .ifPresent(sums -> Importance.add(lessons, passes, state.layers(), state.gradients(), sums));
        Adapter adapter = state.adapter(holding.pastImportance());
        if (!adapter.isFinite()) {
            return new TrainingOutcome.Failed(plan.size(), "the last step left weights that are not finite");
        }
        return new TrainingOutcome.Trained(
                RanksAfter.of(adapter, recipe), new TrainingStats(plan.size(), tokens, first, last));
    }

    /// Adds up the step's gradients, of its examples and of what holds the run.
    ///
    /// @return the loss of the examples alone, which can be told from one run to the next
    private double learn(int step, List<Lesson> lessons) {
        StepLoss loss = StepLoss.of(lessons, losses, divergence(lessons));
        Optional<Anchor> anchor = holding.anchor(count(lessons, TokenSequence::targets));
        state.begin(count(lessons, TokenSequence::rows));
        double sum = 0;
        int sequence = 0;
        for (List<Lesson> piece : StepPlan.pieces(lessons, recipe)) {
            List<TokenSequence> sequences = piece.stream()
                    .flatMap(lesson -> lesson.sequences().stream())
                    .toList();
            TokenBatch batch = TokenBatch.of(sequences, MicroBatches.SCORES_MAX);
            PieceLoss pieceLoss = new PieceLoss(piece, batch, loss, references);
            state.layers().mask(dropout.mask(step, batch, sequence));
            learn(batch, pieceLoss, anchor);
            state.layers().mask(Optional.empty());
            sum += pieceLoss.loss();
            tokens += batch.used();
            sequence += sequences.size();
        }
        holding.penalty().pull(state.weights(), state.gradients());
        return sum;
    }

    /// Each example by itself, with a loss that reads no other one: KTO's divergence, which does, is taken to be 0.
    ///
    /// @return the mean loss, 0 for a step that drew nobody
    private double learn(int step, List<Lesson> lessons, PrivateGradient gradient) {
        double sum = 0;
        int sequence = 0;
        for (Lesson lesson : lessons) {
            TokenBatch batch = TokenBatch.of(lesson.sequences(), MicroBatches.SCORES_MAX);
            PieceLoss loss = new PieceLoss(List.of(lesson), batch, StepLoss.of(List.of(lesson), losses, 0), references);
            state.layers().mask(dropout.mask(step, batch, sequence));
            learn(batch, loss, Optional.empty());
            state.layers().mask(Optional.empty());
            state.contribute(gradient, optimizer);
            sum += loss.loss();
            tokens += batch.used();
            sequence += lesson.sequences().size();
        }
        state.release(gradient, step);
        return lessons.isEmpty() ? 0 : sum / lessons.size();
    }

    private void learn(TokenBatch batch, PieceLoss loss, Optional<Anchor> anchor) {
        if (anchor.isPresent()) passes.learn(batch, state.layers(), anchor.get(), loss, state.gradients());
        else passes.learn(batch, state.layers(), loss, state.gradients());
    }

    private static long count(List<Lesson> lessons, ToLongFunction<TokenSequence> what) {
        return lessons.stream()
                .flatMap(lesson -> lesson.sequences().stream())
                .mapToLong(what)
                .sum();
    }

    /// KTO's z: the ratings of a step, each prompt with the response before it.
    private double divergence(List<Lesson> lessons) {
        return references.divergence(lessons, Optional.of(state.layers()));
    }
}
