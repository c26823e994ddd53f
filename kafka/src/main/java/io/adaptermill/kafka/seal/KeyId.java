package io.adaptermill.kafka.seal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.Checks;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Names a key; drawn at random, so that it says nothing about the person.
public record KeyId(@JsonValue String value) {
    private static final int BYTES = 16;
    private static final Pattern PATTERN = Pattern.compile("[0-9a-f]{32}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public KeyId {
        Checks.matching("key id", value, PATTERN, "32 hexadecimal digits");
    }

    static KeyId random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new KeyId(HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return value;
    }
}
