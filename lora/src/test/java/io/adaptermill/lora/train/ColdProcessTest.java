package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A step that is repeated after a crash runs in a cold process: it must give the bits that a warm one gave.
class ColdProcessTest {
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 1, 4, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
    private static final int WARM_UP = 40;

    @Test
    void a_process_that_compiles_nothing_trains_the_same_adapter_as_a_warm_one() throws Exception {
        // Given
        Process cold = start("-Xint");

        // When
        String warm = "";
        for (int run = 0; run < WARM_UP; run++) warm = train();
        String output = new String(cold.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(cold.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output.lines().toList().getLast()).isEqualTo(warm);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void no_number_of_threads_trains_another_adapter(int threads) throws Exception {
        // Given
        Process other = start("-Dio.adaptermill.threads=" + threads);

        // When
        String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(other.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output.lines().toList().getLast()).isEqualTo(train());
    }

    /// The child's whole work.
    public static void main(String[] arguments) {
        System.out.println(train());
    }

    private static String train() {
        try (Checkpoint checkpoint = TinyLlama.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.BF16)) {
            TrainingOutcome outcome = new BatchTrainer(base, new LetterRendering(), Kernels.threads())
                    .train(Optional.empty(), examples(), RECIPE, 3, (step, total, loss) -> {});
            return digest(((TrainingOutcome.Trained) outcome).adapter());
        }
    }

    private static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Prompt prompt = Prompt.ofUser("question " + i);
            examples.add(new Example.Demonstration(prompt, "an answer to it " + i));
            examples.add(new Example.Edit(prompt, "no", "a better answer"));
            examples.add(new Example.Preference(prompt, "good", "bad"));
            examples.add(new Example.Rating(prompt, "rated " + i, i == 0));
        }
        return examples;
    }

    /// Over every bit of weights and moments.
    private static String digest(Adapter adapter) {
        var moments = adapter.optimizer().orElseThrow();
        long hash = 1;
        for (var modules : List.of(adapter.modules(), moments.first(), moments.second())) {
            for (var module : new TreeMap<>(modules).values()) {
                for (float[] numbers : List.of(module.a().values(), module.b().values())) {
                    for (float number : numbers) hash = hash * 0x100000001B3L + Float.floatToRawIntBits(number);
                }
            }
        }
        return Long.toHexString(hash);
    }

    private static Process start(String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-Dai.djl.offline=true", "-cp", classPath(), ColdProcessTest.class.getName()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
