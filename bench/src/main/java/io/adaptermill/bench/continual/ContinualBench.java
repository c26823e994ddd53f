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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/// `bench/continual.sh MODEL [KIND…]`: a table of what each kind of [Continual] leaves of five tasks in a
/// row.
public final class ContinualBench {
    private static final long SEED = 11;
    private static final int ANSWER_TOKENS_MAX = 6;
    private static final Recipe RECIPE = new Recipe(8, 16, 2e-3, 6, 8, 256, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);

    private static final List<Continual> TRIED = List.of(
            new Continual.None(),
            new Continual.Replay(0.25),
            new Continual.Replay(0.5),
            new Continual.Ewc(1e5),
            new Continual.Olora(0.5),
            new Continual.Kl(1));

    private final BaseModel base;
    private final List<Desk> desks = Desk.all();

    private ContinualBench(BaseModel base) {
        this.base = base;
    }

    public static void main(String[] args) {
        try (BaseModel base = BaseModel.open(Path.of(args[0]))) {
            List<String> kinds = List.of(args).subList(1, args.length);
            new ContinualBench(base).run(kinds);
        }
    }

    private void run(List<String> kinds) {
        System.out.println(
                "| kept by | right at the end | right when learnt | backward transfer | forgetting | seconds |");
        System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (Continual continual : kinds.isEmpty()
                ? TRIED
                : kinds.stream().map(ContinualBench::kind).toList()) {
            long start = System.nanoTime();
            Retention left = learn(continual);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %+.2f | %.2f | %.0f |%n",
                    continual,
                    left.accuracy(),
                    left.learnt(),
                    left.backwardTransfer(),
                    left.forgetting(),
                    (System.nanoTime() - start) / 1e9);
        }
    }

    /// A name, or a name with its number, such as `ewc=1e5`.
    private static Continual kind(String word) {
        String[] parts = word.split("=");
        Continual usual = TRIED.stream()
                .filter(each -> each.getClass().getSimpleName().equalsIgnoreCase(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a kind must be one of " + TRIED + ", was " + word));
        if (parts.length == 1) return usual;
        double number = Double.parseDouble(parts[1]);
        return switch (usual) {
            case Continual.None none -> none;
            case Continual.Replay _ -> new Continual.Replay(number);
            case Continual.Ewc _ -> new Continual.Ewc(number);
            case Continual.Olora _ -> new Continual.Olora(number);
            case Continual.Kl _ -> new Continual.Kl(number);
        };
    }

    private Retention learn(Continual continual) {
        AdapterTrainer trainer = new AdapterTrainer(base);
        double[][] right = new double[desks.size()][];
        List<Example> past = new ArrayList<>();
        Optional<Adapter> parent = Optional.empty();
        for (int task = 0; task < desks.size(); task++) {
            List<Example> lessons = new ArrayList<>(desks.get(task).lessons());
            lessons.addAll(replayed(continual, past, lessons.size(), task));
            parent = Optional.of(trained(trainer, parent, lessons, continual, task));
            past.addAll(desks.get(task).lessons());
            right[task] = ask(parent.get(), desks.subList(0, task + 1));
        }
        return new Retention(right);
    }

    private static Adapter trained(
            AdapterTrainer trainer, Optional<Adapter> parent, List<Example> lessons, Continual continual, int task) {
        Recipe recipe = continual instanceof Continual.Replay ? RECIPE : RECIPE.withContinual(continual);
        TrainingOutcome outcome = trainer.train(parent, lessons, recipe, SEED + task, (step, steps, loss) -> {});
        return switch (outcome) {
            case TrainingOutcome.Trained(var adapter, var stats) -> adapter;
            case TrainingOutcome.Failed(var step, var reason) ->
                throw new IllegalStateException("task " + task + " failed at step " + step + ": " + reason);
        };
    }

    /// What the product puts beside a batch's own examples.
    private static List<Example> replayed(Continual continual, List<Example> past, int fresh, int task) {
        if (!(continual instanceof Continual.Replay replay)) return List.of();
        List<Example> drawn = new ArrayList<>(past);
        Collections.shuffle(drawn, Random.from(new SplittableRandom(SEED + task)));
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
