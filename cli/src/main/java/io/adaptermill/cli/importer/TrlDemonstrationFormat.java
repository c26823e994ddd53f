package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import java.util.List;
import java.util.Optional;

/// TRL's prompt-completion rows, each side a string or a conversation.
final class TrlDemonstrationFormat implements Format {
    @Override
    public String name() {
        return "TRL prompt, completion";
    }

    @Override
    public boolean fits(JsonNode row) {
        return Fields.has(row, "prompt", "completion");
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        return List.of(new Feedback.Demonstration(
                Fields.prompt(row, "prompt"), Fields.completion(row, "completion"), Optional.empty()));
    }
}
