package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Which limit closed a batch.
public enum CloseReason {
    @JsonProperty("count")
    COUNT,
    @JsonProperty("tokens")
    TOKENS,
    @JsonProperty("age")
    AGE
}
