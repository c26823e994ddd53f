package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import java.util.List;
import java.util.Optional;

/// TRL's preference rows: `prompt`, `chosen`, `rejected`, each a string or a conversation; without `prompt` both
/// conversations begin with it.
final class TrlPreferenceFormat implements Format {
    @Override
    public String name() {
        return "TRL preference (chosen, rejected)";
    }

    @Override
    public boolean fits(JsonNode row) {
        return Fields.has(row, "chosen", "rejected")
                && (Fields.has(row, "prompt") || row.path("chosen").isArray());
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        return List.of(Fields.has(row, "prompt") ? explicit(row) : implicit(row));
    }

    private static Feedback explicit(JsonNode row) {
        return new Feedback.Preference(
                Fields.prompt(row, "prompt"),
                Fields.completion(row, "chosen"),
                Fields.completion(row, "rejected"),
                Optional.empty());
    }

    private static Feedback implicit(JsonNode row) {
        List<Message> chosen = Fields.messages(row.path("chosen"), "chosen");
        List<Message> rejected = Fields.messages(row.path("rejected"), "rejected");
        return pair(chosen, rejected);
    }

    static Feedback pair(List<Message> chosen, List<Message> rejected) {
        String better = Fields.lastAnswer(chosen, "chosen");
        String worse = Fields.lastAnswer(rejected, "rejected");
        List<Message> prompt = chosen.subList(0, chosen.size() - 1);
        if (!prompt.equals(rejected.subList(0, rejected.size() - 1))) {
            throw new Unusable("chosen and rejected differ before the last answer");
        }
        return new Feedback.Preference(Fields.prompt(prompt), better, worse, Optional.empty());
    }
}
