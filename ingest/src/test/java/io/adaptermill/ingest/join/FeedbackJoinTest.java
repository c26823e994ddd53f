package io.adaptermill.ingest.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.InferenceId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeedbackJoinTest {
    private static final Prompt PROMPT = Prompt.ofUser("q");
    private static final InferenceId ID = new InferenceId("i-1");

    @Test
    void feedback_that_carries_its_text_is_complete() {
        // When
        Joined demonstration = FeedbackJoin.join(new Feedback.Demonstration(PROMPT, "a", Optional.empty()));
        Joined preference = FeedbackJoin.join(new Feedback.Preference(PROMPT, "a", "b", Optional.empty()));
        Joined edit = FeedbackJoin.join(
                new Feedback.Edit(Optional.empty(), Optional.of(PROMPT), Optional.of("a"), "b", Optional.empty()));
        Joined rating = FeedbackJoin.join(new Feedback.Rating(
                Optional.empty(),
                Optional.of(PROMPT),
                Optional.of("a"),
                Optional.empty(),
                Optional.of(0.4),
                Optional.empty()));

        // Then
        assertThat(demonstration).isEqualTo(new Joined.Learnable(new Example.Demonstration(PROMPT, "a")));
        assertThat(preference).isEqualTo(new Joined.Learnable(new Example.Preference(PROMPT, "a", "b")));
        assertThat(edit).isEqualTo(new Joined.Learnable(new Example.Edit(PROMPT, "a", "b")));
        assertThat(rating).isEqualTo(new Joined.Learnable(new Example.Rating(PROMPT, "a", false)));
    }

    @Test
    void feedback_that_names_an_answer_needs_it_and_then_is_complete() {
        // Given
        Answer answer = new Answer(PROMPT, "said");

        // When
        Joined before = FeedbackJoin.join(thumbUp());
        Joined rating = FeedbackJoin.join(thumbUp(), answer);
        Joined edit = FeedbackJoin.join(edit("better"), answer);

        // Then
        assertThat(before).isEqualTo(new Joined.NeedsAnswer(ID));
        assertThat(rating).isEqualTo(new Joined.Learnable(new Example.Rating(PROMPT, "said", true)));
        assertThat(edit).isEqualTo(new Joined.Learnable(new Example.Edit(PROMPT, "said", "better")));
    }

    @Test
    void an_edit_of_nothing_or_to_the_same_shows_what_is_right() {
        // When
        Joined ofNothing = FeedbackJoin.join(edit("better"), new Answer(PROMPT, ""));
        Joined toTheSame = FeedbackJoin.join(edit("said"), new Answer(PROMPT, "said"));

        // Then
        assertThat(ofNothing).isEqualTo(new Joined.Learnable(new Example.Demonstration(PROMPT, "better")));
        assertThat(toTheSame).isEqualTo(new Joined.Learnable(new Example.Demonstration(PROMPT, "said")));
    }

    @Test
    void a_rating_of_nothing_teaches_nothing() {
        // When
        Joined joined = FeedbackJoin.join(thumbUp(), new Answer(PROMPT, " "));

        // Then
        assertThat(joined)
                .isEqualTo(new Joined.Unlearnable("the rated answer is empty, so there is no text to learn from"));
    }

    private static Feedback thumbUp() {
        return new Feedback.Rating(
                Optional.of(ID),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.UP),
                Optional.empty(),
                Optional.empty());
    }

    private static Feedback edit(String edited) {
        return new Feedback.Edit(Optional.of(ID), Optional.empty(), Optional.empty(), edited, Optional.empty());
    }
}
