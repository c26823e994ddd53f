package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.ArrayList;
import java.util.List;

/// Reads texts and conversations out of rows, naming what is missing.
final class Fields {
    private Fields() {}

    static boolean has(JsonNode row, String... fields) {
        for (String field : fields) if (!row.hasNonNull(field)) return false;
        return true;
    }

    static String text(JsonNode row, String field) {
        JsonNode value = row.path(field);
        if (!value.isTextual()) throw new Unusable("no text in " + field);
        if (value.textValue().isBlank()) throw new Unusable("empty " + field);
        return value.textValue().strip();
    }

    /// A string stands for one user message.
    static Prompt prompt(JsonNode row, String field) {
        if (row.path(field).isTextual()) return Prompt.ofUser(text(row, field));
        return prompt(messages(row.path(field), field));
    }

    static Prompt prompt(List<Message> messages) {
        if (messages.isEmpty()) throw new Unusable("empty prompt");
        if (messages.getLast().role() != Message.Role.USER) throw new Unusable("prompt does not end with the user");
        return new Prompt(messages);
    }

    /// A string, or a conversation of which the assistant's last message counts.
    static String completion(JsonNode row, String field) {
        if (row.path(field).isTextual()) return text(row, field);
        return lastAnswer(messages(row.path(field), field), field);
    }

    static String lastAnswer(List<Message> messages, String field) {
        if (messages.isEmpty() || messages.getLast().role() != Message.Role.ASSISTANT) {
            throw new Unusable(field + " does not end with the assistant");
        }
        return messages.getLast().content();
    }

    /// Reads as far as messages are what we know; tools and pictures are not.
    static List<Message> messages(JsonNode array, String field) {
        if (!array.isArray()) throw new Unusable("no messages in " + field);
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : array) {
            messages.add(new Message(role(text(message, "role")), text(message, "content")));
        }
        return messages;
    }

    private static Message.Role role(String name) {
        return switch (name) {
            case "system", "developer" -> Message.Role.SYSTEM;
            case "user", "human" -> Message.Role.USER;
            case "assistant", "gpt" -> Message.Role.ASSISTANT;
            default -> throw new Unusable("messages of role " + name + " are not learned from");
        };
    }
}
