package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.Checks;
import java.util.regex.Pattern;

/// A producer's own name for one feedback event, unique within its tenant: the key of deduplication.
public record EventId(@JsonValue String value) {
    private static final Pattern PATTERN = Pattern.compile("[\\x21-\\x7e]{1,128}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public EventId {
        Checks.matching("event id", value, PATTERN, "1 to 128 visible ASCII characters");
    }

    @Override
    public String toString() {
        return value;
    }
}
