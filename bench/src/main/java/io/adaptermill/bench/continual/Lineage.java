package io.adaptermill.bench.continual;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.AdapterTrainer;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.generate.Generation;
import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.Generator;
import io.adaptermill.lora.generate.LoadedAdapter;
import io.adaptermill.lora.generate.Sampling;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Recipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/// One tenant's batches, a desk each, every one trained on top of the one before it.
record Lineage(BaseModel base, List<Desk> desks, Continual continual, long seed) {
    private static final int ANSWER_TOKENS_MAX = 6;
    private static final Recipe RECIPE = new Recipe(8, 16, 2e-3, 6, 8, 256, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);

    /// Trains all desks, and after each asks about those so far.
    Retention learn() {
        AdapterTrainer trainer = new AdapterTrainer(base);
        double[][] right = new double[desks.size()][];
        List<Example> past = new ArrayList<>();
        Optional<Adapter> parent = Optional.empty();
        for (int task = 0; task < desks.size(); task++) {
            List<Example> lessons = new ArrayList<>(desks.get(task).lessons());
            lessons.addAll(replayed(past, lessons.size(), task));
            parent = Optional.of(trained(trainer, parent, lessons, task));
            past.addAll(desks.get(task).lessons());
            right[task] = ask(parent.get(), desks.subList(0, task + 1));
        }
        return new Retention(right);
    }

    private Adapter trained(AdapterTrainer trainer, Optional<Adapter> parent, List<Example> lessons, int task) {
        Recipe recipe = continual instanceof Continual.Replay ? RECIPE : RECIPE.withContinual(continual);
        TrainingOutcome outcome = trainer.train(parent, lessons, recipe, seed + task, (step, steps, loss) -> {});
        return switch (outcome) {
            case TrainingOutcome.Trained(var adapter, var stats) -> adapter;
            case TrainingOutcome.Failed(var step, var reason) ->
                throw new IllegalStateException("task " + task + " failed at step " + step + ": " + reason);
        };
    }

    /// What the product puts beside a batch's own examples.
    private List<Example> replayed(List<Example> past, int fresh, int task) {
        if (!(continual instanceof Continual.Replay replay)) return List.of();
        List<Example> drawn = new ArrayList<>(past);
        Collections.shuffle(drawn, Random.from(new SplittableRandom(seed + task)));
        return drawn.subList(0, Math.min(drawn.size(), replay.beside(fresh)));
    }

    private double[] ask(Adapter adapter, List<Desk> asked) {
        double[] right = new double[asked.size()];
        try (Generator generator = new Generator(base, Runtime.getRuntime().availableProcessors(), 512)) {
            Optional<LoadedAdapter> loaded = Optional.of(generator.load(adapter));
            for (int i = 0; i < right.length; i++) {
                right[i] = right(generator, loaded, asked.get(i).questions());
            }
        }
        return right;
    }

    private static double right(Generator generator, Optional<LoadedAdapter> adapter, List<Desk.Question> questions) {
        List<Generation> running = questions.stream()
                .map(question -> generator.start(
                        new GenerationRequest(question.prompt(), ANSWER_TOKENS_MAX, Sampling.GREEDY, List.of()),
                        adapter,
                        text -> {}))
                .toList();
        while (running.stream().anyMatch(generation -> !generation.isFinished())) generator.step(running);
        int right = 0;
        for (int i = 0; i < questions.size(); i++) {
            if (running.get(i).result().text().strip().equals(questions.get(i).team())) right++;
        }
        return (double) right / questions.size();
    }
}
