package io.adaptermill.schemas.feedback;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;
import java.util.Locale;

/// The conversation that a response answers: a list of messages whose last one is the user's.
///
/// As JSON also a plain string, which stands for one user message.
@JsonDeserialize(using = PromptReader.class)
public record Prompt(@JsonValue List<Message> messages) {
    /// Conversations longer than this are cut by their product, not by us.
    public static final int MESSAGES_MAX = 64;

    public Prompt {
        messages = List.copyOf(messages);
        if (messages.isEmpty() || messages.size() > MESSAGES_MAX) {
            throw new IllegalArgumentException(
                    "prompt must have 1 to " + MESSAGES_MAX + " messages, had " + messages.size());
        }
        if (messages.getLast().role() != Message.Role.USER) {
            throw new IllegalArgumentException("prompt must end with a user message, ended with "
                    + messages.getLast().role().name().toLowerCase(Locale.ROOT));
        }
    }

    public static Prompt ofUser(String content) {
        return new Prompt(List.of(new Message(Message.Role.USER, content)));
    }
}
