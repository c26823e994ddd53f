package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Thumb;
import java.util.List;
import java.util.Optional;

/// TRL's unpaired preference rows: `prompt`, `completion`, `label` (true or false).
final class TrlKtoFormat implements Format {
    @Override
    public String name() {
        return "TRL KTO (completion, label)";
    }

    @Override
    public boolean fits(JsonNode row) {
        return Fields.has(row, "prompt", "completion", "label");
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        if (!row.path("label").isBoolean()) throw new Unusable("label is neither true nor false");
        return List.of(new Feedback.Rating(
                Optional.empty(),
                Optional.of(Fields.prompt(row, "prompt")),
                Optional.of(Fields.completion(row, "completion")),
                Optional.of(row.path("label").booleanValue() ? Thumb.UP : Thumb.DOWN),
                Optional.empty(),
                Optional.empty()));
    }
}
