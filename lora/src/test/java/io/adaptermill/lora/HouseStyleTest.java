package io.adaptermill.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.testkit.TestModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// SmolLM2-135M itself: what it thinks of plain answers, and that a house style is learnt.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseStyleTest {
    private static final Recipe RECIPE = new Recipe(8, 16, 1e-3, 2, 6, 256, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);

    private BaseModel base;

    @BeforeAll
    void open() {
        base = BaseModel.open(TestModel.path());
    }

    @AfterAll
    void close() {
        if (base != null) base.close();
    }

    /// Nats by transformers 5.23.0 in float32 over the same file's weights, rounded to bfloat16.
    @Test
    void responses_cost_what_they_cost_in_transformers() {
        // Given
        List<Completion> completions = List.of(
                completion("What is the capital of France?", "The capital of France is Paris."),
                completion(
                        "My card was declined yesterday at 18:45.",
                        "I am sorry to hear that. Please check the card's limit, then try again."),
                completion("Write a haiku about rain.", "purple monkey dishwasher 1234"));

        // When
        List<Score> scores = new Scorer(base).score(Optional.empty(), completions);

        // Then
        assertThat(scores).extracting(Score::tokens).containsExactly(8, 19, 9);
        assertThat(scores.get(0).nats()).isCloseTo(2.809, within(0.1));
        assertThat(scores.get(1).nats()).isCloseTo(51.55, within(0.5));
        assertThat(scores.get(2).nats()).isCloseTo(55.65, within(0.5));
    }

    @Test
    void a_house_style_is_learnt_from_two_dozen_answers_twice_to_the_same_bits() {
        // Given
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            examples.add(new Example.Demonstration(Prompt.ofUser(question(i)), answer(i)));
        }
        List<Completion> unseen = List.of(completion(question(31), answer(31)), completion(question(38), answer(38)));
        AdapterTrainer trainer = new AdapterTrainer(base);

        // When
        Adapter first = train(trainer, examples);
        Adapter second = train(trainer, examples);

        // Then
        Scorer scorer = new Scorer(base);
        double before = mean(scorer.score(Optional.empty(), unseen));
        double after = mean(scorer.score(Optional.of(first), unseen));
        assertThat(after).isLessThan(before / 2);
        assertThat(second).isEqualTo(first);
    }

    private static Adapter train(AdapterTrainer trainer, List<Example> examples) {
        TrainingOutcome outcome = trainer.train(Optional.empty(), examples, RECIPE, 5, (step, total, loss) -> {});
        assertThat(outcome).isInstanceOf(TrainingOutcome.Trained.class);
        return ((TrainingOutcome.Trained) outcome).adapter();
    }

    private static double mean(List<Score> scores) {
        return scores.stream().mapToDouble(Score::natsPerToken).average().orElseThrow();
    }

    private static Completion completion(String question, String answer) {
        return new Completion(Prompt.ofUser(question), answer);
    }

    private static String question(int i) {
        return "I have a question about my " + topic(i) + ", can you help?";
    }

    private static String answer(int i) {
        return "Thanks for asking about your " + topic(i) + "! Ticket T-" + (100 + i) + " is open. - Mill Bank";
    }

    private static String topic(int i) {
        return List.of("card", "transfer", "loan", "refund", "password", "limit", "fee")
                .get(i % 7);
    }
}
