package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import java.util.List;

/// One of the shapes that feedback lies around in.
interface Format {
    /// As people call it.
    String name();

    /// Whether a row has this shape.
    boolean fits(JsonNode row);

    /// @throws Unusable if the row lacks something
    /// @throws IllegalArgumentException if the feedback it makes breaks a rule of ours
    List<Feedback> read(JsonNode row);
}
