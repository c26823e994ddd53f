package io.adaptermill.ingest.screen;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds misspelt fields in feedback's JSON: an unknown field is one whose words would be lost.
public final class FieldNames {
    /// Further apart than this is another word.
    private static final int DISTANCE_MAX = 3;

    private static final Map<String, Set<String>> OF_KINDS = ofKinds();
    private static final Set<String> OF_MESSAGES = components(Message.class);

    private FieldNames() {}

    /// A field that should not be there.
    ///
    /// @param path such as `data.promt`
    /// @param meant the closest field there is, if one is close
    public record Unknown(String path, Optional<String> meant) {}

    public static Set<String> kinds() {
        return OF_KINDS.keySet();
    }

    /// Every unknown field; none where the kind itself is not known.
    public static List<Unknown> unknown(JsonNode data) {
        Set<String> known = OF_KINDS.getOrDefault(data.path("kind").asText(), Set.of());
        if (known.isEmpty()) return List.of();
        List<Unknown> found = new ArrayList<>(unknown("data", data, known));
        JsonNode prompt = data.path("prompt");
        for (int i = 0; prompt.isArray() && i < prompt.size(); i++) {
            found.addAll(unknown("data.prompt[" + i + "]", prompt.get(i), OF_MESSAGES));
        }
        return List.copyOf(found);
    }

    private static List<Unknown> unknown(String path, JsonNode object, Set<String> known) {
        return object.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !known.contains(name))
                .map(name -> new Unknown(path + "." + shortened(name), closest(name, known)))
                .toList();
    }

    private static String shortened(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }

    private static Optional<String> closest(String name, Set<String> known) {
        if (name.length() > 40) return Optional.empty();
        return known.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(candidate -> distance(name, candidate) <= Math.min(DISTANCE_MAX, candidate.length() / 2));
    }

    /// Levenshtein: insertions, deletions and replacements from one word to the other.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static Map<String, Set<String>> ofKinds() {
        Map<String, Set<String>> fields = new HashMap<>();
        for (JsonSubTypes.Type kind :
                Feedback.class.getAnnotation(JsonSubTypes.class).value()) {
            Set<String> names = new HashSet<>(components(kind.value()));
            names.add("kind");
            fields.put(kind.name(), Set.copyOf(names));
        }
        return Map.copyOf(fields);
    }

    private static Set<String> components(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) names.add(component.getName());
        return Set.copyOf(names);
    }
}
