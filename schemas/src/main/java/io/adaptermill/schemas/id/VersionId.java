package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.Checks;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The adapter version that a tenant's n-th batch produced, written `acme@7`: immutable, never reused.
///
/// @param number counted from 1 within the tenant
public record VersionId(TenantId tenant, long number) {
    /// One spelling for each: no sign, no leading zero, no more digits than a long surely holds.
    private static final Pattern PATTERN = Pattern.compile("(.+)@([1-9][0-9]{0,17})");

    public VersionId {
        if (number < 1) {
            throw new IllegalArgumentException("version number must be at least 1, was " + number);
        }
    }

    /// The version that this batch's training produces.
    public static VersionId of(BatchId batch) {
        return new VersionId(batch.tenant(), batch.number());
    }

    /// @throws IllegalArgumentException if the text is not `tenant@number`
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static VersionId parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("version must look like acme@7, was \"" + Checks.shortened(text) + "\"");
        }
        return new VersionId(new TenantId(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @Override
    @JsonValue
    public String toString() {
        return tenant + "@" + number;
    }
}
