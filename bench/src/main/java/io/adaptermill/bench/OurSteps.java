package io.adaptermill.bench;

import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.train.BatchTrainer;
import io.adaptermill.lora.train.SharedTraining;
import io.adaptermill.lora.transformer.WeightForm;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.policy.Recipe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Our program of a [Contender]: `OurSteps MODEL TOKENS 4bit|bf16`. Trains through the product's own loop and times it
/// between
/// two
/// calls of its [Progress].
final class OurSteps {
    private static final int RANK = 8;
    /// Longer than any run of one shape.
    private static final int STEPS_MAX = 1000;

    private final BatchTrainer trainer;
    private final TokenRendering text;
    private final BareProducts products;
    private final BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out = System.out;
    private final Thread thread = Thread.currentThread();
    private long start;
    private double cpuStart;
    private @Nullable StackSampler sampler;

    private OurSteps(BatchTrainer trainer, TokenRendering text, BareProducts products) {
        this.trainer = trainer;
        this.text = text;
        this.products = products;
    }

    public static void main(String[] arguments) throws IOException {
        int[] tokens = tokens(Path.of(arguments[1]));
        TokenRendering text = new TokenRendering(tokens);
        try (BaseModel base = BaseModel.open(
                        Path.of(arguments[0]), BaseStorage.configured(), Precision.BF16, WeightForm.of(arguments[2]));
                BareProducts products = new BareProducts(base.config())) {
            OurSteps steps = new OurSteps(new BatchTrainer(base.decoder(), text), text, products);
            steps.out.println("ready");
            steps.serve();
        }
    }

    private static int[] tokens(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.mapToInt(Integer::parseInt).toArray();
        }
    }

    /// Thrown out of a run when something else is wanted.
    private static final class OtherCommand extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String command;

        OtherCommand(String command) {
            super(command, null, false, false);
            this.command = command;
        }
    }

    private void serve() throws IOException {
        String command = next();
        while (!command.equals("quit")) {
            begin();
            try {
                work(Command.of(command));
                command = next();
            } catch (OtherCommand other) {
                command = other.command;
            }
        }
    }

    private void work(Command command) {
        switch (command.name()) {
            case "step" -> steps(command);
            case "tenants" -> tenants(command);
            case "dpo" -> preferences(command);
            case "gemms" -> {
                products.run(command.count() * command.length());
                tell(0);
            }
            default -> throw new IllegalArgumentException("no such command: " + command);
        }
    }

    /// Steps of one tenant, until something else is wanted.
    private void steps(Command command) {
        List<Example> examples = demonstrations(command.count(), command.length(), 0);
        Recipe recipe = recipe(command.count(), command.length());
        finish(trainer.train(Optional.empty(), examples, recipe, 1, (step, total, loss) -> answer(command, loss)));
    }

    /// A step of each of several tenants a round, until something else is wanted.
    private void tenants(Command command) {
        AtomicInteger stepped = new AtomicInteger();
        Recipe recipe = recipe(1, command.length());
        List<Assignment> assignments = new ArrayList<>();
        for (int tenant = 0; tenant < command.count(); tenant++) {
            List<Example> examples = demonstrations(1, command.length(), tenant);
            assignments.add(new Assignment(Optional.empty(), examples, recipe, tenant, (step, total, loss) -> {
                if (stepped.incrementAndGet() % command.count() == 0) answer(command, loss);
            }));
        }
        try (SharedTraining training = trainer.begin(assignments)) {
            finish(training.await(command.count() - 1));
        }
    }

    /// A whole run of one step: what the reference thinks is part of it, and so is setting up.
    private void preferences(Command command) {
        List<Example> pairs = new ArrayList<>();
        for (int i = 0; i < command.count(); i++) {
            TokenRendering.Stretch chosen = text.stretch(2 * i, command.length());
            TokenRendering.Stretch rejected = text.stretch(2 * i + 1, command.length());
            pairs.add(new Example.Preference(chosen.prompt(), chosen.response(), rejected.response()));
        }
        Recipe recipe = recipe(command.count(), command.length());
        double[] last = new double[1];
        finish(trainer.train(Optional.empty(), pairs, recipe, 1, (step, total, loss) -> last[0] = loss));
        tell(last[0]);
    }

    private List<Example> demonstrations(int sequences, int length, int first) {
        int available = text.batches(1, length);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < STEPS_MAX * sequences; i++) {
            examples.add(text.stretch((first + i) % available, length).demonstration());
        }
        return examples;
    }

    private static Recipe recipe(int sequences, int length) {
        return new Recipe(RANK, 2 * RANK, 1e-4, 1, sequences, length, 0, 0.01, 1, 0.1, 0.1, 0.2);
    }

    private static void finish(TrainingOutcome outcome) {
        if (outcome instanceof TrainingOutcome.Failed failed) throw new IllegalStateException(failed.reason());
    }

    /// Tells what the step took, and goes on when the next of its kind is wanted.
    private void answer(Command command, double loss) {
        tell(loss);
        try {
            String wanted = next();
            if (!Command.of(wanted).equals(command)) throw new OtherCommand(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        begin();
    }

    private void begin() {
        cpuStart = Usage.ownCpuMillis();
        start = System.nanoTime();
    }

    private void tell(double loss) {
        double millis = (System.nanoTime() - start) / 1e6;
        out.printf("ms=%.3f cpu_ms=%.1f loss=%.4f%n", millis, Usage.ownCpuMillis() - cpuStart, loss);
    }

    /// The next command that works; answers others at once.
    private String next() throws IOException {
        while (true) {
            String line = commands.readLine();
            if (line == null) return "quit";
            switch (line) {
                case "peak" -> out.printf("peak_mb=%d%n", Usage.peakMegabytes());
                case "sample" -> sample();
                case "shares" -> shares();
                default -> {
                    return line;
                }
            }
        }
    }

    private void sample() {
        sampler = new StackSampler(thread);
        sampler.start();
        out.println("sampling");
    }

    /// All on one line.
    private void shares() throws IOException {
        try {
            Map<String, Integer> looks = Objects.requireNonNull(sampler, "sample comes before shares")
                    .end();
            out.println("shares=" + looks);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// @param count of sequences, tenants or pairs
    private record Command(String name, int count, int length) {
        /// Leaves out which tokens are wanted.
        static Command of(String line) {
            String[] words = line.split(" ");
            if (words.length < 3) return new Command(words[0], 0, 0);
            return new Command(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        }
    }
}
