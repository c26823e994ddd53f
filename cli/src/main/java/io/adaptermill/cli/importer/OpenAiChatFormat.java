package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import java.util.List;
import java.util.Optional;

/// OpenAI's supervised fine-tuning rows, TRL's conversational ones too: `{"messages": [...]}`; the last answer is
/// learned.
final class OpenAiChatFormat implements Format {
    @Override
    public String name() {
        return "OpenAI chat (messages)";
    }

    @Override
    public boolean fits(JsonNode row) {
        return row.path("messages").isArray();
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        List<Message> messages = Fields.messages(row.path("messages"), "messages");
        String response = Fields.lastAnswer(messages, "messages");
        return List.of(new Feedback.Demonstration(
                Fields.prompt(messages.subList(0, messages.size() - 1)), response, Optional.empty()));
    }
}
