package io.adaptermill.cli.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Recipe;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelearningTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final Prompt PROMPT = Prompt.ofUser("How?");
    private static final Optional<SubjectId> BOB = Optional.of(new SubjectId("bob"));

    @Test
    void others_are_learned_again_in_their_words_and_order_and_the_person_is_not() {
        // Given
        BatchClosed batch = new BatchClosed(
                new BatchId(ACME, 1),
                CloseReason.COUNT,
                Optional.empty(),
                Recipe.DEFAULT,
                1,
                0,
                9,
                List.of(
                        new BatchItem(new EventId("e-1"), BOB, new Example.Demonstration(PROMPT, "So.")),
                        new BatchItem(
                                new EventId("e-2"),
                                Optional.of(new SubjectId("ann")),
                                new Example.Demonstration(PROMPT, "Mine.")),
                        new BatchItem(new EventId("e-3"), Optional.empty(), new Example.Edit(PROMPT, "No.", "Yes.")),
                        new BatchItem(new EventId("e-4"), BOB, new Example.Preference(PROMPT, "Yes.", "No.")),
                        new BatchItem(new EventId("e-5"), BOB, new Example.Rating(PROMPT, "No.", false))));

        // When
        List<Envelope<FeedbackReceived>> again =
                Relearning.of(List.of(batch), new SubjectId("ann"), "7", "/test", Instant.EPOCH);

        // Then
        assertThat(again)
                .containsExactly(
                        envelope("e-1", new Feedback.Demonstration(PROMPT, "So.", BOB)),
                        envelope(
                                "e-3",
                                new Feedback.Edit(
                                        Optional.empty(),
                                        Optional.of(PROMPT),
                                        Optional.of("No."),
                                        "Yes.",
                                        Optional.empty())),
                        envelope("e-4", new Feedback.Preference(PROMPT, "Yes.", "No.", BOB)),
                        envelope(
                                "e-5",
                                new Feedback.Rating(
                                        Optional.empty(),
                                        Optional.of(PROMPT),
                                        Optional.of("No."),
                                        Optional.of(Thumb.DOWN),
                                        Optional.empty(),
                                        BOB)));
    }

    private static Envelope<FeedbackReceived> envelope(String event, Feedback feedback) {
        return new Envelope<>(
                ACME, new EventId(event + "/relearned/7"), "/test", Instant.EPOCH, new FeedbackReceived(feedback));
    }
}
