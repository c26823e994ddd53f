package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchTrainerTest {
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 3, 6, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
    private static final Progress SILENT = (step, total, loss) -> {};

    private final Checkpoint checkpoint = TinyLlama.checkpoint();
    private final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);

    @AfterEach
    void close() {
        base.close();
        checkpoint.close();
    }

    @Test
    void the_loss_falls_on_what_is_shown_again_and_again() {
        // Given
        Recipe recipe = new Recipe(4, 8, 2e-2, 30, 8, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
        List<Double> losses = new ArrayList<>();

        // When
        TrainingOutcome outcome = trainer(base, 2)
                .train(Optional.empty(), demonstrations(8), recipe, 1, (step, total, loss) -> losses.add(loss));

        // Then
        assertThat(outcome).isInstanceOf(TrainingOutcome.Trained.class);
        assertThat(losses).hasSize(30);
        assertThat(losses.getLast()).isLessThan(losses.getFirst() / 2);
    }

    @ParameterizedTest
    @EnumSource
    void the_same_batch_gives_the_same_bits_cold_or_warm_on_one_thread_or_more(Precision precision) {
        // Given
        List<Example> examples = mixture();
        try (FrozenDecoder decoder = new FrozenDecoder(checkpoint, precision)) {
            Adapter first = trained(trainer(decoder, 1).train(Optional.empty(), examples, RECIPE, 42, SILENT));

            // When
            for (int run = 0; run < 4; run++) {
                Adapter again =
                        trained(trainer(decoder, 1 + run).train(Optional.empty(), examples, RECIPE, 42, SILENT));

                // Then
                assertThat(again).isEqualTo(first);
            }
        }
    }

    @Test
    void runs_side_by_side_give_what_each_gives_alone() throws Exception {
        // Given
        Adapter one = trained(trainer(base, 1).train(Optional.empty(), mixture(), RECIPE, 1, SILENT));
        Adapter two = trained(trainer(base, 1).train(Optional.empty(), mixture(), RECIPE, 2, SILENT));

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<TrainingOutcome> first =
                    threads.submit(() -> trainer(base, 2).train(Optional.empty(), mixture(), RECIPE, 1, SILENT));
            Future<TrainingOutcome> second =
                    threads.submit(() -> trainer(base, 2).train(Optional.empty(), mixture(), RECIPE, 2, SILENT));

            // Then
            assertThat(trained(first.get())).isEqualTo(one);
            assertThat(trained(second.get())).isEqualTo(two);
        }
    }

    @Test
    void another_seed_gives_another_adapter() {
        // When
        Adapter one = trained(trainer(base, 1).train(Optional.empty(), mixture(), RECIPE, 1, SILENT));
        Adapter two = trained(trainer(base, 1).train(Optional.empty(), mixture(), RECIPE, 2, SILENT));

        // Then
        assertThat(two.modules()).isNotEqualTo(one.modules());
    }

    @Test
    void a_lineage_goes_on_with_its_parents_moments() {
        // Given
        Adapter parent = trained(trainer(base, 1).train(Optional.empty(), demonstrations(6), RECIPE, 1, SILENT));

        // When
        Adapter child = trained(trainer(base, 1).train(Optional.of(parent), demonstrations(6), RECIPE, 2, SILENT));
        Adapter cold = trained(
                trainer(base, 1).train(Optional.of(parent.withoutOptimizer()), demonstrations(6), RECIPE, 2, SILENT));

        // Then
        assertThat(parent.optimizer().map(OptimizerState::step)).contains(3L);
        assertThat(child.optimizer().map(OptimizerState::step)).contains(6L);
        assertThat(child.modules()).isNotEqualTo(cold.modules());
    }

    @Test
    void weights_that_are_not_numbers_become_a_failure_at_the_first_step() {
        // Given
        Adapter broken = broken(TinyLlama.adapter(2));

        // When
        TrainingOutcome outcome = trainer(base, 1).train(Optional.of(broken), demonstrations(6), RECIPE, 1, SILENT);

        // Then
        assertThat(outcome).isEqualTo(new TrainingOutcome.Failed(1, "the loss is not a finite number: NaN"));
    }

    @Test
    void a_parent_of_another_rank_is_refused_before_the_first_step() {
        // Given
        Recipe wider = new Recipe(8, 8, 1e-2, 1, 6, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);

        // When
        TrainingOutcome outcome =
                trainer(base, 1).train(Optional.of(TinyLlama.adapter(2)), demonstrations(6), wider, 1, SILENT);

        // Then
        assertThat(outcome).isInstanceOfSatisfying(TrainingOutcome.Failed.class, failed -> {
            assertThat(failed.step()).isZero();
            assertThat(failed.reason()).contains("rank");
        });
    }

    @Test
    void ranks_by_importance_add_up_to_the_budget_and_stay_along_the_lineage() {
        // Given
        Recipe recipe = RECIPE.withRanks(
                new Ranks(List.of(), Optional.of(new Ranks.Allocation(Ranks.Importance.SENSITIVITY, 60))));

        // When
        Adapter parent = trained(trainer(base, 1).train(Optional.empty(), demonstrations(6), recipe, 1, SILENT));
        Adapter child = trained(trainer(base, 1).train(Optional.of(parent), mixture(), recipe, 2, SILENT));

        // Then
        assertThat(parent.modules().values().stream().mapToInt(LowRank::rank).sum())
                .isEqualTo(60);
        assertThat(parent.modules().values()).extracting(LowRank::rank).doesNotContain(0);
        assertThat(child.config()).isEqualTo(parent.config());
    }

    @Test
    void what_cannot_be_reached_is_refused_before_the_first_step() {
        assertRefused(
                RECIPE.withRanks(new Ranks(List.of(), Optional.of(new Ranks.Allocation(Ranks.Importance.FISHER, 13)))),
                "budget must be in [14, ");
        Recipe patient = new Recipe(200, 8, 1e-2, 3, 6, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
        assertRefused(patient.withVariant(new Variant.ReLora(1)), "relora would end with rank 800");
    }

    @Test
    void a_parent_of_another_variant_is_refused_before_the_first_step() {
        // Given
        Recipe sora = RECIPE.withVariant(new Variant.Sora(1));
        Adapter parent = trained(trainer(base, 1).train(Optional.empty(), demonstrations(6), sora, 1, SILENT));

        // When
        TrainingOutcome outcome = trainer(base, 1).train(Optional.of(parent), demonstrations(6), RECIPE, 2, SILENT);

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TrainingOutcome.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("asks for lora")
                                .contains("has sora"));
    }

    private void assertRefused(Recipe recipe, String why) {
        assertThat(trainer(base, 1).train(Optional.empty(), demonstrations(6), recipe, 1, SILENT))
                .isInstanceOfSatisfying(TrainingOutcome.Failed.class, failed -> {
                    assertThat(failed.step()).isZero();
                    assertThat(failed.reason()).contains(why);
                });
    }

    @Test
    void a_listener_that_throws_ends_the_run_and_its_threads() throws InterruptedException {
        // Given
        IllegalStateException drain = new IllegalStateException("draining");
        Progress aborting = (step, total, loss) -> {
            if (step == 2) throw drain;
        };

        // When
        assertThatThrownBy(() -> trainer(base, 3).train(Optional.empty(), mixture(), RECIPE, 1, aborting))
                .isSameAs(drain);

        // Then
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("rows")) thread.join(5_000);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("rows"));
    }

    private static BatchTrainer trainer(FrozenDecoder base, int threads) {
        return new BatchTrainer(base, new LetterRendering(), threads);
    }

    private static Adapter trained(TrainingOutcome outcome) {
        assertThat(outcome).isInstanceOf(TrainingOutcome.Trained.class);
        return ((TrainingOutcome.Trained) outcome).adapter();
    }

    private static List<Example> demonstrations(int count) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(new Example.Demonstration(Prompt.ofUser("question " + i), "the answer is number " + i));
        }
        return examples;
    }

    /// Long enough that every kernel is shared between threads.
    private static List<Example> mixture() {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Prompt prompt = Prompt.ofUser("a question with number " + i + " about something or other");
            String text = "an answer that begins at " + i + " and then goes on for quite a while, until it ends";
            examples.add(new Example.Demonstration(prompt, text));
            examples.add(new Example.Edit(prompt, "no", text));
            examples.add(new Example.Preference(prompt, text, "a worse answer to question " + i));
            examples.add(new Example.Rating(prompt, text + i, i % 2 == 0));
        }
        return examples;
    }

    private static Adapter broken(Adapter adapter) {
        SortedMap<String, LowRank> modules = new TreeMap<>(adapter.modules());
        LowRank module = Objects.requireNonNull(modules.get(modules.firstKey()));
        float[] numbers = module.b().values().clone();
        numbers[3] = Float.NaN;
        FloatTensor b = new FloatTensor(module.out(), module.rank(), numbers);
        modules.put(modules.firstKey(), new LowRank(module.a(), b));
        return new Adapter(adapter.config(), modules, Optional.empty());
    }
}
