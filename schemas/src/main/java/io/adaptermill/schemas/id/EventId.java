package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.Checks;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A producer's own name for one feedback event, unique within its tenant: the key of deduplication.
public record EventId(@JsonValue String value) {
    private static final Pattern PATTERN = Pattern.compile("[\\x21-\\x7e]{1,128}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public EventId {
        Checks.matching("event id", value, PATTERN, "1 to 128 visible ASCII characters");
    }

    /// An id for a name that we made ourselves: the name where it is one, else its digest.
    ///
    /// Names are put together from what strangers chose (an id of 128 characters, and a word after it), so they
    /// can be too long; that must not stop whoever publishes.
    public static EventId named(String name) {
        return new EventId(
                PATTERN.matcher(name).matches()
                        ? name
                        : Digest.of(name.getBytes(StandardCharsets.UTF_8)).value());
    }

    @Override
    public String toString() {
        return value;
    }
}
