package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.SubjectId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A format of the user's own: which column holds what, such as `prompt=text,response=category`.
///
/// The columns that are named decide the kind: chosen and rejected make a preference, edited and original
/// an edit, thumb or score a rating, a response alone a demonstration.
public final class ColumnMap implements Format {
    private static final Set<String> TARGETS =
            Set.of("prompt", "response", "original", "edited", "chosen", "rejected", "thumb", "score", "subject");
    private static final Set<String> UP = Set.of("up", "true", "1", "good", "yes", "+1", "👍");
    private static final Set<String> DOWN = Set.of("down", "false", "0", "bad", "no", "-1", "👎");
    private final Map<String, String> columns;

    private ColumnMap(Map<String, String> columns) {
        this.columns = Map.copyOf(columns);
    }

    /// @throws IllegalArgumentException if the text is not a mapping that makes feedback
    public static ColumnMap parse(String text) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String target = equals < 0 ? part : part.substring(0, equals).strip();
            if (equals < 1 || !TARGETS.contains(target)) {
                throw new IllegalArgumentException(
                        "\"" + part + "\" is not a mapping: write prompt=COLUMN and so on, with any of "
                                + TARGETS.stream().sorted().toList());
            }
            columns.put(target, part.substring(equals + 1).strip());
        }
        return new ColumnMap(columns).checked();
    }

    private ColumnMap checked() {
        if (!columns.containsKey("prompt")) throw new IllegalArgumentException("the mapping names no prompt column");
        boolean teaches = columns.containsKey("response")
                || (columns.containsKey("chosen") && columns.containsKey("rejected"))
                || (columns.containsKey("original") && columns.containsKey("edited"));
        if (!teaches) {
            throw new IllegalArgumentException(
                    "the mapping must name response, or chosen and rejected, or original and" + " edited");
        }
        return this;
    }

    @Override
    public String name() {
        return "columns " + new java.util.TreeMap<>(columns);
    }

    @Override
    public boolean fits(JsonNode row) {
        return true;
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        Prompt prompt = Prompt.ofUser(cell(row, "prompt"));
        Optional<SubjectId> subject =
                columns.containsKey("subject") ? Optional.of(new SubjectId(cell(row, "subject"))) : Optional.empty();
        if (columns.containsKey("chosen")) {
            return List.of(new Feedback.Preference(prompt, cell(row, "chosen"), cell(row, "rejected"), subject));
        }
        if (columns.containsKey("edited")) {
            return List.of(new Feedback.Edit(
                    Optional.empty(),
                    Optional.of(prompt),
                    Optional.of(cell(row, "original")),
                    cell(row, "edited"),
                    subject));
        }
        return List.of(
                columns.containsKey("thumb") || columns.containsKey("score")
                        ? rating(row, prompt, subject)
                        : new Feedback.Demonstration(prompt, cell(row, "response"), subject));
    }

    private Feedback rating(JsonNode row, Prompt prompt, Optional<SubjectId> subject) {
        return new Feedback.Rating(
                Optional.empty(),
                Optional.of(prompt),
                Optional.of(cell(row, "response")),
                columns.containsKey("thumb") ? Optional.of(thumb(cell(row, "thumb"))) : Optional.empty(),
                columns.containsKey("thumb") ? Optional.empty() : Optional.of(score(cell(row, "score"))),
                subject);
    }

    private static Thumb thumb(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (UP.contains(lower)) return Thumb.UP;
        if (DOWN.contains(lower)) return Thumb.DOWN;
        throw new Unusable("thumb is neither up nor down");
    }

    private static double score(String text) {
        try {
            double score = Double.parseDouble(text);
            if (score >= 0 && score <= 1) return score;
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new Unusable("score is not in [0, 1]");
    }

    private String cell(JsonNode row, String target) {
        String column = java.util.Objects.requireNonNull(columns.get(target), target);
        String value = row.path(column).asText("").strip();
        if (value.isEmpty()) throw new Unusable("no " + target + " (column " + column + ")");
        return value;
    }
}
