package io.adaptermill.schemas.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A tenant's n-th training batch, written `acme#7`.
///
/// @param number counted from 1 within the tenant
public record BatchId(TenantId tenant, long number) {
    public BatchId {
        if (number < 1) {
            throw new IllegalArgumentException("batch number must be at least 1, was " + number);
        }
    }

    /// @throws IllegalArgumentException if the text is not `tenant#number`
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static BatchId parse(String text) {
        int at = text.lastIndexOf('#');
        if (at < 1) {
            throw new IllegalArgumentException("batch must look like acme#7, was \"" + text + "\"");
        }
        try {
            return new BatchId(new TenantId(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("batch must look like acme#7, was \"" + text + "\"", e);
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return tenant + "#" + number;
    }
}
