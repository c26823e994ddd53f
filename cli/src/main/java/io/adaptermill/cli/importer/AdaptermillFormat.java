package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.feedback.Feedback;
import java.io.UncheckedIOException;
import java.util.List;

/// Our own: the data of `feedback.received`, one object a line.
final class AdaptermillFormat implements Format {
    @Override
    public String name() {
        return "Adaptermill feedback";
    }

    @Override
    public boolean fits(JsonNode row) {
        return Fields.has(row, "kind");
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        try {
            return List.of(EventJson.read(EventJson.write(row), Feedback.class));
        } catch (UncheckedIOException e) {
            throw new Unusable("not feedback as schemas/ describes it");
        }
    }
}
