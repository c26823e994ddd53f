package io.adaptermill.lora.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Recipe;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepPlanTest {
    private static final Recipe RECIPE = new Recipe(4, 8, 1e-2, 2, 3, 128, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);

    @Test
    void every_epoch_has_every_lesson_once_in_an_order_of_its_own() {
        // Given
        List<Lesson> lessons = IntStream.range(0, 8)
                .mapToObj(i -> (Lesson) new Lesson.Demonstrated(new TokenSequence(new int[] {i, i}, 1)))
                .toList();

        // When
        List<List<Lesson>> plan = StepPlan.of(lessons, RECIPE, 5);

        // Then
        assertThat(plan).extracting(List::size).containsExactly(3, 3, 2, 3, 3, 2);
        List<Lesson> first = plan.subList(0, 3).stream().flatMap(List::stream).toList();
        List<Lesson> second = plan.subList(3, 6).stream().flatMap(List::stream).toList();
        assertThat(first).containsExactlyInAnyOrderElementsOf(lessons);
        assertThat(second).containsExactlyInAnyOrderElementsOf(lessons).isNotEqualTo(first);
        assertThat(StepPlan.of(lessons, RECIPE, 5)).isEqualTo(plan);
        assertThat(StepPlan.of(lessons, RECIPE, 6)).isNotEqualTo(plan);
    }

    @Test
    void pieces_hold_as_many_tokens_as_fit_and_a_longer_lesson_stands_alone() {
        // When
        List<List<Integer>> pieces = MicroBatches.of(List.of(500, 500, 24, 1, 3000, 7), tokens -> tokens);

        // Then
        assertThat(pieces).containsExactly(List.of(500, 500, 24), List.of(1), List.of(3000), List.of(7));
    }

    @Test
    void a_long_conversation_loses_its_oldest_tokens_and_a_long_response_its_end() {
        // Given
        Rendering rendering = new LetterRendering();

        // When
        TokenSequence cut = rendering.sequence(Prompt.ofUser("abcdef"), "xy", 6);
        TokenSequence ended = rendering.sequence(Prompt.ofUser("abcdef"), "stuvwxyz", 6);

        // Then
        assertThat(cut.tokens()).containsExactly('e', 'f', '\n', 'x', 'y', 1);
        assertThat(cut.firstTarget()).isEqualTo(3);
        assertThat(ended.tokens()).containsExactly('\n', 's', 't', 'u', 'v', 'w');
        assertThat(ended.firstTarget()).isEqualTo(1);
    }

    @Test
    void a_step_that_lost_its_way_is_named_in_words() {
        // Given
        StepHealth health = StepHealth.of(49_152);

        // Then
        assertThat(health.broken(12.5, 3)).isEmpty();
        assertThat(health.broken(Double.NaN, 3)).contains("the loss is not a finite number: NaN");
        assertThat(health.broken(2, Double.POSITIVE_INFINITY))
                .contains("the gradient's norm is not a finite number: Infinity");
        assertThat(health.broken(22, 3)).contains("the loss diverged to 22.00 nats; guessing blindly costs 10.80");
    }
}
