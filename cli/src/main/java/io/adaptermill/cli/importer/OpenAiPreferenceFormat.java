package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import java.util.List;
import java.util.Optional;

/// OpenAI's preference rows: `{"input": {"messages": [...]}, "preferred_output": [...], "non_preferred_output":
/// [...]}`.
final class OpenAiPreferenceFormat implements Format {
    @Override
    public String name() {
        return "OpenAI preference";
    }

    @Override
    public boolean fits(JsonNode row) {
        return Fields.has(row, "preferred_output", "non_preferred_output");
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        return List.of(new Feedback.Preference(
                Fields.prompt(row.path("input"), "messages"),
                Fields.completion(row, "preferred_output"),
                Fields.completion(row, "non_preferred_output"),
                Optional.empty()));
    }
}
