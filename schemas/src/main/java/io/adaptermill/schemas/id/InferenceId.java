package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.Checks;
import java.util.regex.Pattern;

/// One answer that was served, so that a rating can name what it judges.
public record InferenceId(@JsonValue String value) {
    private static final Pattern PATTERN = Pattern.compile("[\\x21-\\x7e]{1,128}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public InferenceId {
        Checks.matching("inference id", value, PATTERN, "1 to 128 visible ASCII characters");
    }

    @Override
    public String toString() {
        return value;
    }
}
