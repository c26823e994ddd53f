package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Who lets a candidate serve that its gates approved.
public enum Approval {
    @JsonProperty("automatic")
    AUTOMATIC,
    @JsonProperty("person")
    PERSON;

    public static final Approval DEFAULT = AUTOMATIC;
}
