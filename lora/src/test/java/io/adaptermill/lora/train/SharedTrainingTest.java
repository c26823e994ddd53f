package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedTrainingTest {
    private static final Progress SILENT = (step, total, loss) -> {};

    /// Blocks run again, and moments lie in a file.
    private static final Practice SMALL = new Practice(Practice.Schedule.LINEAR_TO_TENTH, 0, 1, true, 0);

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.BF16);

    @AfterEach
    void close() {
        base.close();
        checkpoint.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,1", "2,2"})
    void each_batch_gets_the_bits_that_it_gets_alone_in_any_company_and_order(int threadsAlone, int threads) {
        // Given
        List<Assignment> assignments = assignments();
        List<TrainingOutcome> alone = new ArrayList<>();
        for (Assignment one : assignments) alone.add(alone(one, threadsAlone));

        // When
        List<TrainingOutcome> together = together(assignments, threads);
        List<TrainingOutcome> turned = together(assignments.reversed(), threads);
        List<TrainingOutcome> pair = together(List.of(assignments.get(3), assignments.get(0)), threads);

        // Then
        assertThat(together).isEqualTo(alone);
        assertThat(turned).isEqualTo(alone.reversed());
        assertThat(pair).isEqualTo(List.of(alone.get(3), alone.get(0)));
        assertThat(alone).allMatch(TrainingOutcome.Trained.class::isInstance);
    }

    @Test
    void a_batch_that_aborts_or_breaks_leaves_the_others_as_they_would_be() {
        // Given
        Assignment good = assignments().getFirst();
        Assignment aborting = new Assignment(Optional.empty(), examples(6, 1), recipe(2, 3), 9, (step, total, loss) -> {
            if (step == 2) throw new IllegalStateException("another worker has it");
        });
        Assignment empty = new Assignment(Optional.empty(), List.of(), recipe(2, 3), 9, SILENT);

        // When
        try (SharedTraining training = trainer(2).begin(List.of(aborting, empty, good))) {

            // Then
            assertThatThrownBy(() -> training.await(0)).hasMessage("another worker has it");
            assertThatThrownBy(() -> training.await(1)).hasMessageContaining("at least one example");
            assertThat(training.await(2)).isEqualTo(alone(good, 1));
        }
    }

    @Test
    void closing_early_gives_back_every_thread() {
        // Given
        try (SharedTraining training = trainer(2).begin(assignments())) {
            // When
            training.await(1);
        }

        // Then
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("batch"));
    }

    @Test
    void a_short_batch_ends_before_a_long_one_that_began_first() {
        // Given
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        Assignment lengthy = new Assignment(
                Optional.empty(), examples(12, 1), recipe(4, 4), 1, (step, total, loss) -> steps.add("long"));
        Assignment brief = new Assignment(
                Optional.empty(), examples(4, 2), recipe(4, 1), 1, (step, total, loss) -> steps.add("short"));

        // When
        try (SharedTraining training = trainer(1).begin(List.of(lengthy, brief))) {
            training.await(0);
        }

        // Then
        assertThat(steps.indexOf("short")).isLessThanOrEqualTo(1);
        assertThat(steps.getLast()).isEqualTo("long");
    }

    /// Other ranks, recipes, kinds of feedback, lengths, a parent, what holds to it, and as little memory as can be.
    private List<Assignment> assignments() {
        Adapter parent = ((TrainingOutcome.Trained)
                        alone(new Assignment(Optional.empty(), examples(4, 0), recipe(4, 1), 3, SILENT), 1))
                .adapter();
        return List.of(
                new Assignment(Optional.empty(), examples(9, 0), recipe(4, 2), 1, SILENT),
                new Assignment(Optional.empty(), examples(3, 1), recipe(1, 3), 2, SILENT),
                new Assignment(Optional.of(parent), examples(5, 2), recipe(4, 2), 3, SILENT),
                new Assignment(Optional.empty(), examples(8, 3), recipe(16, 1), 4, SILENT),
                new Assignment(
                        Optional.empty(), examples(5, 1), recipe(4, 2).withVariant(new Variant.Pissa()), 6, SILENT),
                new Assignment(
                        Optional.empty(), examples(5, 0), recipe(4, 2).withVariant(new Variant.Dora()), 7, SILENT),
                new Assignment(
                        Optional.empty(), examples(6, 1), recipe(4, 1).withVariant(new Variant.Eva(2)), 8, SILENT),
                new Assignment(
                        Optional.empty(),
                        examples(5, 2),
                        recipe(2, 2).withVariant(new Variant.Mixture(3, 2, 0.1)),
                        9,
                        SILENT),
                new Assignment(
                        Optional.of(parent),
                        examples(4, 2),
                        recipe(4, 1).withContinual(new Continual.Kl(0.5)),
                        5,
                        SILENT),
                new Assignment(
                        Optional.of(parent),
                        examples(5, 3),
                        recipe(4, 2).withContinual(new Continual.Ewc(1e6)),
                        10,
                        SILENT),
                new Assignment(
                        Optional.of(parent),
                        examples(5, 0),
                        recipe(4, 1).withContinual(new Continual.Olora(0.5)),
                        11,
                        SILENT),
                new Assignment(Optional.empty(), examples(5, 1), recipe(4, 2).withPractice(SMALL), 12, SILENT));
    }

    private TrainingOutcome alone(Assignment one, int threads) {
        return trainer(threads).train(one.parent(), one.examples(), one.recipe(), one.seed(), one.progress());
    }

    private List<TrainingOutcome> together(List<Assignment> assignments, int threads) {
        try (SharedTraining training = trainer(threads).begin(assignments)) {
            List<TrainingOutcome> outcomes = new ArrayList<>();
            for (int i = 0; i < assignments.size(); i++) outcomes.add(training.await(i));
            return outcomes;
        }
    }

    private BatchTrainer trainer(int threads) {
        return new BatchTrainer(base, new LetterRendering(), threads);
    }

    private static Recipe recipe(int rank, int epochs) {
        return new Recipe(rank, 2 * rank, 1e-2, epochs, 4, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
    }

    /// All kinds of feedback, beginning with another kind for each `first`.
    private static List<Example> examples(int count, int first) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Prompt prompt = Prompt.ofUser("question number " + (first * 7 + i) + " of this tenant");
            String text = "an answer that begins at " + i + " and goes on" + " and on".repeat(i % 4);
            examples.add(
                    switch ((first + i) % 4) {
                        case 0 -> new Example.Demonstration(prompt, text);
                        case 1 -> new Example.Edit(prompt, "no", text);
                        case 2 -> new Example.Preference(prompt, text, "a worse one");
                        default -> new Example.Rating(prompt, text, i % 2 == 0);
                    });
        }
        return examples;
    }
}
