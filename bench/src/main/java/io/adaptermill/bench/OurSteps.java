package io.adaptermill.bench;

import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.train.BatchTrainer;
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
import java.util.Optional;
import java.util.stream.Stream;

/// Our program of a [Contender]: `OurSteps MODEL TOKENS`. Trains through the product's own loop and times it between
/// two
/// calls of its [Progress].
final class OurSteps {
    private static final int RANK = 8;
    /// Longer than any run of one shape.
    private static final int STEPS_MAX = 1000;

    private final BatchTrainer trainer;
    private final TokenRendering text;
    private final BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out = System.out;
    private long start;
    private double cpuStart;

    private OurSteps(BatchTrainer trainer, TokenRendering text) {
        this.trainer = trainer;
        this.text = text;
    }

    public static void main(String[] arguments) throws IOException {
        int[] tokens = tokens(Path.of(arguments[1]));
        TokenRendering text = new TokenRendering(tokens);
        try (BaseModel base = BaseModel.open(Path.of(arguments[0]))) {
            OurSteps steps = new OurSteps(new BatchTrainer(base.decoder(), text), text);
            steps.out.println("ready");
            steps.serve();
        }
    }

    private static int[] tokens(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.mapToInt(Integer::parseInt).toArray();
        }
    }

    /// A shape of steps that a run keeps to.
    private record Shape(int sequences, int length) {}

    /// Thrown out of a run whose shape is no longer wanted.
    private static final class OtherShape extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String command;

        OtherShape(String command) {
            super(command, null, false, false);
            this.command = command;
        }
    }

    private void serve() throws IOException {
        String command = next();
        while (!command.equals("quit")) {
            Shape shape = shape(command);
            begin();
            try {
                run(shape);
                command = next();
            } catch (OtherShape other) {
                command = other.command;
            }
        }
    }

    private void run(Shape shape) {
        int available = text.batches(shape.sequences(), shape.length()) * shape.sequences();
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < STEPS_MAX * shape.sequences(); i++) {
            examples.add(text.stretch(i % available, shape.length()).demonstration());
        }
        Recipe recipe =
                new Recipe(RANK, 2 * RANK, 1e-4, 1, shape.sequences(), shape.length(), 0, 0.01, 1, 0.1, 0.1, 0.2);
        TrainingOutcome outcome =
                trainer.train(Optional.empty(), examples, recipe, 1, (step, total, loss) -> answer(shape, loss));
        if (outcome instanceof TrainingOutcome.Failed failed) throw new IllegalStateException(failed.reason());
    }

    /// Tells what the step took, and goes on when the next of this shape is wanted.
    private void answer(Shape shape, double loss) {
        double millis = (System.nanoTime() - start) / 1e6;
        out.printf("ms=%.3f cpu_ms=%.1f loss=%.4f%n", millis, Usage.ownCpuMillis() - cpuStart, loss);
        try {
            String command = next();
            if (command.equals("quit") || !shape(command).equals(shape)) throw new OtherShape(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        begin();
    }

    private void begin() {
        cpuStart = Usage.ownCpuMillis();
        start = System.nanoTime();
    }

    /// The next command that trains; answers others at once.
    private String next() throws IOException {
        while (true) {
            String line = commands.readLine();
            if (line == null) return "quit";
            if (!line.equals("peak")) return line;
            out.printf("peak_mb=%d%n", Usage.peakMegabytes());
        }
    }

    private static Shape shape(String command) {
        String[] words = command.split(" ");
        if (!words[0].equals("step")) throw new IllegalArgumentException("no such command: " + command);
        return new Shape(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    }
}
