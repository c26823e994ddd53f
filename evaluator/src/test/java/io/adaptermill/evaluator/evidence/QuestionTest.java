package io.adaptermill.evaluator.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.lora.Completion;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static final Prompt PROMPT = Prompt.ofUser("How?");

    @Test
    void an_edit_asks_for_what_the_user_made_of_it() {
        // When
        Question question = Question.of(new Example.Edit(PROMPT, "No.", "Like this."));

        // Then
        assertThat(question.wanted()).isEqualTo(Optional.of(new Completion(PROMPT, "Like this.")));
        assertThat(quality(question, 1.5, 9.0)).isEqualTo(-1.5);
    }

    @Test
    void a_preference_asks_how_far_the_chosen_response_is_ahead() {
        // When
        Question question = Question.of(new Example.Preference(PROMPT, "Good.", "Bad."));

        // Then
        assertThat(quality(question, 1.0, 3.0)).isEqualTo(2.0);
    }

    @Test
    void a_bad_rating_asks_for_a_higher_loss_and_names_no_wanted_answer() {
        // When
        Question question = Question.of(new Example.Rating(PROMPT, "Bad.", false));

        // Then
        assertThat(question.wanted()).isEmpty();
        assertThat(quality(question, 2.0)).isEqualTo(2.0);
    }

    private static double quality(Question question, Double... losses) {
        return Question.answered(List.of(question), List.of(losses)).getFirst().quality();
    }
}
