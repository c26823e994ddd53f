package io.adaptermill.cli.policy;

import java.util.List;
import java.util.Optional;

/// A piece of a YAML document that remembers where it stands. What a scalar means is for its reader to say: `no` may be
/// a country, and `1e-3` is a number.
sealed interface YamlNode {
    Place place();

    /// Keys as they were written, in their order, each once.
    record Mapping(Place place, List<Entry> entries) implements YamlNode {
        Optional<Entry> entry(String key) {
            return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
        }
    }

    /// @param place of the key
    record Entry(Place place, String key, YamlNode value) {}

    record Sequence(Place place, List<YamlNode> items) implements YamlNode {}

    /// @param quoted whether it can only be a text
    record Scalar(Place place, String text, boolean quoted) implements YamlNode {
        boolean isEmpty() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    /// As it is named in messages.
    default String described() {
        return switch (this) {
            case Mapping _ -> "a mapping";
            case Sequence _ -> "a list";
            case Scalar scalar when scalar.isEmpty() -> "nothing";
            case Scalar(var unused, String text, boolean quoted) -> quoted ? "the text \"" + text + "\"" : text;
        };
    }
}
