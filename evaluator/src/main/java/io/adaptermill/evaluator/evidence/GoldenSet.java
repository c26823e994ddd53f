package io.adaptermill.evaluator.evidence;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// General questions with sane answers of some length, the same for every tenant: whoever forgets these has forgotten
/// too much. Answers of several sentences, so that a tenant's greeting at their head weighs little.
public final class GoldenSet {
    private static final String RESOURCE = "/golden/general.jsonl";

    private GoldenSet() {}

    private record Row(Prompt prompt, String response) {}

    public static List<Question> read() {
        try (InputStream in = GoldenSet.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new IllegalStateException(RESOURCE + " must be on the class path");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> EventJson.read(line.getBytes(StandardCharsets.UTF_8), Row.class))
                    .map(row -> Question.of(new Example.Demonstration(row.prompt(), row.response())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
