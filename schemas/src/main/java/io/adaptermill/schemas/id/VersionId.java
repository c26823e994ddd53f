package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// The adapter version that a tenant's n-th batch produced, written `acme@7`: immutable, never reused.
///
/// @param number counted from 1 within the tenant
public record VersionId(TenantId tenant, long number) {
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
        int at = text.lastIndexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException("version must look like acme@7, was \"" + text + "\"");
        }
        try {
            return new VersionId(new TenantId(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("version must look like acme@7, was \"" + text + "\"", e);
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return tenant + "@" + number;
    }
}
