package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The evaluator's answer; too little evidence is an answer of its own, never a pass.
public enum Verdict {
    @JsonProperty("approved")
    APPROVED,
    @JsonProperty("rejected")
    REJECTED,
    @JsonProperty("needs-more-evidence")
    NEEDS_MORE_EVIDENCE
}
