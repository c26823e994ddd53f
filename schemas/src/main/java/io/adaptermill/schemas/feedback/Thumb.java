package io.adaptermill.schemas.feedback;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A user's quick opinion.
public enum Thumb {
    @JsonProperty("up")
    UP,
    @JsonProperty("down")
    DOWN
}
