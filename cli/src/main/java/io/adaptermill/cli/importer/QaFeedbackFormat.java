package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// qa-feedback's rows: a question, four answers, the first one corrected by a person, and all six pairs compared.
///
/// The passages are left out of the prompt: the question alone is asked. Equal pairs teach nothing and are left out.
final class QaFeedbackFormat implements Format {
    private static final int ANSWERS = 4;

    @Override
    public String name() {
        return "qa-feedback (edits and preferences)";
    }

    @Override
    public boolean fits(JsonNode row) {
        return Fields.has(row, "question", "feedback", "prediction 1");
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        Prompt prompt = Fields.prompt(row, "question");
        List<Feedback> all = new ArrayList<>();
        edit(row, prompt).ifPresent(all::add);
        all.addAll(preferences(row, prompt));
        if (all.isEmpty()) throw new Unusable("neither a correction nor a preference");
        return all;
    }

    private static Optional<Feedback> edit(JsonNode row, Prompt prompt) {
        String edited =
                row.path("feedback").path("corrected-prediction").asText("").strip();
        if (edited.isEmpty()) return Optional.empty();
        return Optional.of(new Feedback.Edit(
                Optional.empty(),
                Optional.of(prompt),
                Optional.of(Fields.text(row, "prediction 1")),
                edited,
                Optional.empty()));
    }

    /// Pairs come as (1,2), (1,3), (1,4), (2,3), (2,4), (3,4); 1 says the first is better, 2 the second, 0 neither.
    private static List<Feedback> preferences(JsonNode row, Prompt prompt) {
        List<Feedback> pairs = new ArrayList<>();
        int index = 0;
        for (int first = 1; first < ANSWERS; first++) {
            for (int second = first + 1; second <= ANSWERS; second++) {
                int better = row.path("preference").path(index++).asInt(0);
                preference(row, prompt, first, second, better).ifPresent(pairs::add);
            }
        }
        return pairs;
    }

    private static Optional<Feedback> preference(JsonNode row, Prompt prompt, int first, int second, int better) {
        String a = Fields.text(row, "prediction " + first);
        String b = Fields.text(row, "prediction " + second);
        if (better == 0 || a.equals(b)) return Optional.empty();
        return Optional.of(
                better == 1
                        ? new Feedback.Preference(prompt, a, b, Optional.empty())
                        : new Feedback.Preference(prompt, b, a, Optional.empty()));
    }
}
