package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.Checks;
import java.util.regex.Pattern;

/// One customer whose users give feedback and whose adapter is its own; the key of every record.
public record TenantId(@JsonValue String value) {
    /// What serving calls the model without any adapter, where a tenant's name asks for the tenant's champion.
    public static final String RESERVED = "base";

    private static final Pattern PATTERN = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TenantId {
        Checks.matching("tenant", value, PATTERN, "1 to 63 lowercase letters, digits and hyphens");
        if (value.equals(RESERVED)) {
            throw new IllegalArgumentException(
                    "tenant must not be \"" + RESERVED + "\", which names the model without any adapter");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
