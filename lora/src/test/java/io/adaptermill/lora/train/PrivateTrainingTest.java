package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.artifacts.PrivacyLedger;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.Progress;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.loss.Dpo;
import io.adaptermill.lora.loss.Kto;
import io.adaptermill.lora.optim.AdamW;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.privacy.PrivateGradient;
import io.adaptermill.lora.score.SequenceScorer;
import io.adaptermill.lora.transformer.AdapterLayout;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.TinyLlama;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.variant.Methods;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Privacy;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrivateTrainingTest extends OnTinyLlama {
    private static final Privacy PRIVACY = new Privacy(0.5, 2, 8, 1e-5);
    private static final Recipe RECIPE =
            new Recipe(4, 8, 1e-2, 2, 4, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2).withPrivacy(PRIVACY);
    private static final Progress SILENT = (step, total, loss) -> {};

    PrivateTrainingTest() {
        super(2);
    }

    /// Each kind of lesson's gradient by torch's autograd through PEFT, one backward an example, clipped and summed
    /// there; here the noise, which is known, is taken out again.
    @Test
    void a_step_is_the_clipped_sum_of_its_examples_gradients_and_known_noise() {
        // Given
        JsonNode golden = Golden.json("privacy.json").get("step");
        LearningState state = state();
        LessonLosses losses = new LessonLosses(new Dpo(0.1, 0), new Kto(0.1), 0.2);
        References references = new References(new SequenceScorer(decoder), losses, Optional.empty());
        List<Lesson> lessons = List.of(
                new Lesson.Demonstrated(TinyLlama.sequence(0)),
                new Lesson.Demonstrated(TinyLlama.sequence(1)),
                new Lesson.Preferred(
                        TinyLlama.sequence(0), TinyLlama.sequence(0).answeredBy(TinyLlama.sequence(3))),
                new Lesson.Rated(TinyLlama.sequence(2), true));
        references.prepare(lessons);
        AdamW optimizer = new AdamW(0, 1);
        double clip = golden.get("clip").asDouble();
        PrivateGradient gradient = gradient(new Privacy(clip, 0.3, 8, 1e-5), 4, state.layout());

        // When
        for (int i = 0; i < lessons.size(); i++) {
            Lesson lesson = lessons.get(i);
            TokenBatch batch = TokenBatch.of(lesson.sequences(), MicroBatches.SCORES_MAX);
            StepLoss loss = StepLoss.of(List.of(lesson), losses, 0);
            decoder.learn(
                    batch, state.layers(), new PieceLoss(List.of(lesson), batch, loss, references), state.gradients());
            assertThat(optimizer.norm(kernels, state.gradients()))
                    .isCloseTo(golden.get("norms").get(i).asDouble(), within(1e-4));
            state.contribute(gradient, optimizer);
        }
        state.release(gradient, 7);

        // Then
        CounterRandom noise = new CounterRandom(42, "privacy noise of step 7");
        for (Slot slot : state.layout().slots()) {
            for (Part part : List.of(Part.A, Part.B)) {
                JsonNode sums = golden.get("sum").get(slot.path() + part.suffix());
                for (int i = 0; i < sums.size(); i++) {
                    long at = slot.at(part) + i;
                    double sum = 4 * state.gradients().values().get(at) - 0.3 * clip * noise.normal(at);
                    assertThat(sum).isCloseTo(sums.get(i).asDouble(), within(2e-5));
                }
            }
        }
    }

    @Test
    void noise_has_the_deviation_that_was_asked_for() {
        // Given
        LearningState state = state();
        PrivateGradient gradient = gradient(PRIVACY, 8, state.layout());

        // When
        state.release(gradient, 1);

        // Then
        Tensor values = state.gradients().values();
        double squares = 0;
        double sum = 0;
        for (long i = 0; i < values.elements(); i++) {
            sum += values.get(i);
            squares += (double) values.get(i) * values.get(i);
        }
        double deviation = PRIVACY.noiseMultiplier() * PRIVACY.clipNorm() / 8;
        assertThat(Math.sqrt(squares / values.elements())).isCloseTo(deviation, within(0.05 * deviation));
        assertThat(sum / values.elements()).isCloseTo(0, within(0.05 * deviation));
    }

    @Test
    void the_same_private_batch_gives_the_same_bits_on_one_thread_or_more() {
        // When
        Adapter one = trained(train(1, Optional.empty(), RECIPE));
        Adapter two = trained(train(2, Optional.empty(), RECIPE));

        // Then
        assertThat(two).isEqualTo(one);
        assertThat(ledger(one).text()).isEqualTo("2.0 x 0.3333333333333333 x 6");
    }

    @Test
    void a_lineage_spends_until_a_batch_would_exceed_the_budget() {
        // Given
        Optional<Adapter> parent = Optional.empty();
        List<String> ended = new ArrayList<>();

        // When
        for (int batch = 0; batch < 40 && ended.isEmpty(); batch++) {
            switch (train(1, parent, RECIPE)) {
                case TrainingOutcome.Trained trained -> parent = Optional.of(trained.adapter());
                case TrainingOutcome.Failed failed -> ended.add(failed.step() + " " + failed.reason());
            }
        }

        // Then
        assertThat(parent).isPresent();
        assertThat(ledger(parent.orElseThrow()).steps()).hasSize(1);
        assertThat(ended)
                .singleElement()
                .asString()
                .startsWith("0 the privacy budget would be exceeded: the lineage has spent epsilon 7.")
                .contains("of 8.000 at delta 1.0e-05", "recipe.privacy.epsilonMax");
    }

    @Test
    void what_was_learned_without_noise_is_not_called_private() {
        // Given
        Recipe open = new Recipe(4, 8, 1e-2, 2, 4, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
        Adapter secretless = trained(train(1, Optional.empty(), open));
        Adapter hidden = trained(train(1, Optional.empty(), RECIPE));

        // When
        TrainingOutcome outcome = train(1, Optional.of(secretless), RECIPE);
        Adapter opened = trained(train(1, Optional.of(hidden), open));

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TrainingOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).contains("the parent was trained without privacy"));
        assertThat(opened.optimizer().flatMap(OptimizerState::privacy)).isEmpty();
    }

    @Test
    void parts_that_look_at_examples_without_noise_are_refused() {
        // When / Then
        for (Recipe recipe : List.of(
                RECIPE.withContinual(new Continual.Ewc(1)),
                RECIPE.withContinual(new Continual.Kl(0.1)),
                RECIPE.withVariant(new Variant.Dora()))) {
            assertThat(train(1, Optional.empty(), recipe))
                    .isInstanceOfSatisfying(
                            TrainingOutcome.Failed.class,
                            failed -> assertThat(failed.reason()).contains("does not carry out privacy with"));
        }
    }

    private LearningState state() {
        Adapter adapter = TinyLlama.adapter(2);
        return new LearningState(
                Methods.LORA,
                adapter.config(),
                Optional.empty(),
                Optional.of(adapter),
                0,
                1,
                base,
                kernels,
                memory,
                memory);
    }

    private PrivateGradient gradient(Privacy privacy, double expected, AdapterLayout layout) {
        return new PrivateGradient(privacy, expected, 42, new AdapterParameters(layout, memory));
    }

    private TrainingOutcome train(int threads, Optional<Adapter> parent, Recipe recipe) {
        List<Example> examples = IntStream.range(0, 12)
                .mapToObj(i ->
                        (Example) new Example.Demonstration(Prompt.ofUser("ask " + (char) ('a' + i)), "say " + i))
                .toList();
        return new BatchTrainer(base, new LetterRendering(), threads).train(parent, examples, recipe, 5, SILENT);
    }

    private static Adapter trained(TrainingOutcome outcome) {
        return switch (outcome) {
            case TrainingOutcome.Trained trained -> trained.adapter();
            case TrainingOutcome.Failed failed -> throw new AssertionError(failed.toString());
        };
    }

    private static PrivacyLedger ledger(Adapter adapter) {
        return adapter.optimizer().flatMap(OptimizerState::privacy).orElseThrow();
    }
}
