package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A thousand tenants' adapters go through one process.
class ManyTenantsTest {
    private static final int TENANTS = 1000;
    private static final int TOGETHER = 8;
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 1, 4, 64, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);

    @Test
    void memory_stays_flat_and_a_tenant_that_was_trained_leaves_nothing_behind() throws IOException {
        try (Checkpoint checkpoint = TinyLlama.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.BF16)) {
            // Given
            BatchTrainer trainer = new BatchTrainer(base, new LetterRendering(), 2);
            train(trainer, 0, TENANTS / 2);
            long heapBefore = heapBytes();
            long residentBefore = residentKib();

            // When
            train(trainer, TENANTS / 2, TENANTS);

            // Then
            assertThat(heapBytes() - heapBefore).as("heap bytes").isLessThan(TENANTS / 2 * 1024L);
            assertThat(residentKib() - residentBefore).as("resident KiB").isLessThan(32 * 1024);
        }
    }

    private static void train(BatchTrainer trainer, int from, int to) {
        for (int first = from; first < to; first += TOGETHER) {
            List<Assignment> assignments = new ArrayList<>();
            for (int tenant = first; tenant < Math.min(to, first + TOGETHER); tenant++) {
                assignments.add(assignment(tenant));
            }
            try (SharedTraining training = trainer.begin(assignments)) {
                for (int i = 0; i < assignments.size(); i++) {
                    assertThat(training.await(i)).isInstanceOf(TrainingOutcome.Trained.class);
                }
            }
        }
    }

    private static Assignment assignment(int tenant) {
        Prompt prompt = Prompt.ofUser("asks tenant " + tenant);
        List<Example> examples = List.of(
                new Example.Demonstration(prompt, "answer " + tenant), new Example.Rating(prompt, "so so", false));
        return new Assignment(Optional.empty(), examples, RECIPE, tenant, (step, total, loss) -> {});
    }

    private static long heapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long residentKib() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
