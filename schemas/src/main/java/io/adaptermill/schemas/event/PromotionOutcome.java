package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What became of a version.
public enum PromotionOutcome {
    /// It serves from now on, and the next batch continues from it.
    @JsonProperty("promoted")
    PROMOTED,
    /// It does not serve; the next batch builds on it, so that weak evidence can add up.
    @JsonProperty("held")
    HELD,
    /// It is left behind; the next batch continues from where it started.
    @JsonProperty("refused")
    REFUSED,
    /// It served and does not any more; the next batch continues from what serves instead.
    @JsonProperty("rolled-back")
    ROLLED_BACK
}
