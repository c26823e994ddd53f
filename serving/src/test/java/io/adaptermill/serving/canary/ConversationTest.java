package io.adaptermill.serving.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final VersionId SECOND = VersionId.parse("acme@2");
    private static final Message SYSTEM = new Message(Message.Role.SYSTEM, "Be short.");
    private static final Message ASKED = new Message(Message.Role.USER, "Where is my lamp?");

    @Test
    void later_turns_belong_to_the_conversation_they_go_on_with() {
        // Given
        Prompt first = new Prompt(List.of(SYSTEM, ASKED));
        Prompt later = new Prompt(List.of(
                SYSTEM,
                ASKED,
                new Message(Message.Role.ASSISTANT, "On its way."),
                new Message(Message.Role.USER, "Since when?")));

        // When / Then
        assertThat(Conversation.of(Optional.empty(), later)).isEqualTo(Conversation.of(Optional.empty(), first));
        assertThat(Conversation.of(Optional.of(" "), later)).isEqualTo(Conversation.of(Optional.empty(), first));
    }

    @Test
    void a_name_counts_whatever_is_said() {
        // When / Then
        assertThat(Conversation.of(Optional.of("c-1"), Prompt.ofUser("Hi")))
                .isEqualTo(Conversation.of(Optional.of("c-1"), Prompt.ofUser("Ho")))
                .isNotEqualTo(Conversation.of(Optional.of("c-2"), Prompt.ofUser("Hi")));
    }

    @Test
    void a_candidate_answers_its_share_and_another_one_draws_anew() {
        // Given
        List<Conversation> conversations = IntStream.range(0, 10_000)
                .mapToObj(i -> new Conversation("c-" + i))
                .toList();

        // When
        List<Conversation> second = conversations.stream()
                .filter(conversation -> conversation.fallsTo(SECOND, 0.2))
                .toList();
        long both = second.stream()
                .filter(conversation -> conversation.fallsTo(VersionId.parse("acme@3"), 0.2))
                .count();

        // Then
        assertThat(second.size() / 10_000.0).isCloseTo(0.2, within(0.015));
        assertThat(both / 10_000.0).isCloseTo(0.04, within(0.008));
    }
}
