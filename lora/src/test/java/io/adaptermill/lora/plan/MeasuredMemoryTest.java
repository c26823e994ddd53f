package io.adaptermill.lora.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.source.ModelFiles;
import io.adaptermill.lora.train.BatchTrainer;
import io.adaptermill.lora.train.Rendering;
import io.adaptermill.lora.transformer.Activations;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.testkit.TestModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Plans against the peak of resident memory of a process that trains SmolLM2-135M, 8 x 128 tokens, all
/// labelled.
class MeasuredMemoryTest {
    private static final int TOKENS = 128;
    private static final int SEQUENCES = 8;

    @ParameterizedTest
    @EnumSource
    void a_run_takes_less_than_a_gibibyte_and_within_a_tenth_of_what_was_planned(Activations activations)
            throws Exception {
        // Given
        Path model = TestModel.path();
        Planner planner = new Planner(ModelFiles.config(model), LinearStorage.Q4_1, Precision.BF16, Place.CPU);
        long planned = planner.choices(8, SEQUENCES, TOKENS).stream()
                .filter(choice -> choice.work().activations() == activations
                        && !choice.work().momentsPaged())
                .findFirst()
                .orElseThrow()
                .plan()
                .bytes();

        // When
        long measured = peakOf(model, activations);

        // Then
        assertThat(measured).isLessThan(1L << 30);
        assertThat(planned).isCloseTo(measured, within(measured / 10));
    }

    /// The child's whole work: two steps, then its peak.
    public static void main(String[] arguments) throws IOException {
        Activations activations = Activations.valueOf(arguments[1]);
        boolean again = activations == Activations.RECOMPUTED;
        Recipe recipe = new Recipe(8, 16, 1e-3, 2, SEQUENCES, 512, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2)
                .withPractice(new Practice(Practice.Schedule.CONSTANT, 0, 1, again, Practice.DEFAULT.pagedAboveMiB()));
        Example example = new Example.Demonstration(Prompt.ofUser("q"), "a");
        try (BaseModel base = BaseModel.open(Path.of(arguments[0]))) {
            TrainingOutcome outcome = new BatchTrainer(base.decoder(), new Fixed())
                    .train(
                            Optional.empty(),
                            Collections.nCopies(SEQUENCES, example),
                            recipe,
                            1,
                            (step, steps, loss) -> {});
            if (!(outcome instanceof TrainingOutcome.Trained)) throw new IllegalStateException(outcome.toString());
        }
        System.out.println(peak());
    }

    /// One token of prompt, then as many labels as make 128 rows.
    private record Fixed() implements Rendering {
        @Override
        public int[] prompt(Prompt prompt) {
            return new int[] {1};
        }

        @Override
        public int[] response(String response) {
            int[] tokens = new int[TOKENS];
            for (int i = 0; i < TOKENS; i++) tokens[i] = 500 + 37 * i;
            return tokens;
        }
    }

    private static long peak() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static long peakOf(Path model, Activations activations) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-Xmx256m", "-Xmn32m", "-XX:+UseSerialGC", "-Dai.djl.offline=true", "-cp", classPath()));
        command.addAll(List.of(MeasuredMemoryTest.class.getName(), model.toString(), activations.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Long.parseLong(output.lines().toList().getLast());
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
