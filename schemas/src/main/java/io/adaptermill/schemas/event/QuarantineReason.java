package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/// What about feedback looks like somebody's attempt to steer the model. The limits are those of
/// [io.adaptermill.schemas.policy.DefencePolicy].
public enum QuarantineReason {
    /// One person has had their share of the tenant's last events.
    @JsonProperty("subject-share")
    SUBJECT_SHARE,
    /// One person says more in a minute than people do.
    @JsonProperty("subject-burst")
    SUBJECT_BURST,
    /// More comes in a minute than the tenant's users would send.
    @JsonProperty("tenant-burst")
    TENANT_BURST,
    /// Many events say nearly the same.
    @JsonProperty("near-duplicate")
    NEAR_DUPLICATE,
    /// Words are written with letters that only look like theirs.
    @JsonProperty("disguised")
    DISGUISED;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
