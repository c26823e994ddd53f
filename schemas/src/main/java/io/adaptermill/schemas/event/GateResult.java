package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What one gate said.
///
/// @param reason in words, with the figures
public record GateResult(String gate, Outcome outcome, String reason) {
    public enum Outcome {
        @JsonProperty("passed")
        PASSED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("inconclusive")
        INCONCLUSIVE
    }
}
