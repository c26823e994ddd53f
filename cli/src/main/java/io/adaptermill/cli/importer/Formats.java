package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/// All formats that are recognised by themselves, the more particular ones first.
final class Formats {
    private static final List<Format> ALL = List.of(
            new AdaptermillFormat(),
            new QaFeedbackFormat(),
            new OpenAiPreferenceFormat(),
            new OpenAiChatFormat(),
            new HhRlhfFormat(),
            new TrlPreferenceFormat(),
            new TrlKtoFormat(),
            new TrlDemonstrationFormat());

    private Formats() {}

    static Optional<Format> of(JsonNode row) {
        return ALL.stream().filter(format -> format.fits(row)).findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(Format::name).toList();
    }
}
