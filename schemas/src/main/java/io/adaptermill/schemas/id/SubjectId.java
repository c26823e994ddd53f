package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.Checks;
import java.util.regex.Pattern;

/// The person a feedback event comes from, as the product names them (a pseudonym is best): the unit of erasure.
public record SubjectId(@JsonValue String value) {
    private static final Pattern PATTERN = Pattern.compile("[^\\p{Cntrl}]{1,256}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SubjectId {
        Checks.matching("subject", value, PATTERN, "1 to 256 characters without control characters");
    }

    @Override
    public String toString() {
        return value;
    }
}
