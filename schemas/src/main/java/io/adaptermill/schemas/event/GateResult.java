package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;

/// What one gate said.
///
/// @param reason in words, with the figures
public record GateResult(String gate, Outcome outcome, String reason) {
    public GateResult {
        Checks.filled("gate", gate);
        Checks.filled("reason", reason);
    }

    public enum Outcome {
        @JsonProperty("passed")
        PASSED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("inconclusive")
        INCONCLUSIVE
    }
}
