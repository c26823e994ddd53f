package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// A person wants something done about what serves a tenant. Answered by [PromotionAnswered].
///
/// @param version which one to approve, reject or go back to; absent to pause, resume, pin what serves, or go
///     back one
/// @param champion what serves as far as the person knows; absent for the bare base model. If another serves
///     by now, the request is stale and nothing happens
/// @param by who asks
/// @param reason in words, for people
public record PromotionRequested(
        Action action, Optional<VersionId> version, Optional<VersionId> champion, String by, String reason)
        implements Event {
    public PromotionRequested {
        Checks.filled("by", by);
        Checks.filled("reason", reason);
        if (action.needsVersion() && version.isEmpty()) {
            throw new IllegalArgumentException("version must be given to " + action.word());
        }
    }

    public enum Action {
        /// Let a candidate serve that its gates approved and that waits for a person.
        @JsonProperty("approve")
        APPROVE,
        /// Leave such a candidate behind.
        @JsonProperty("reject")
        REJECT,
        /// Let a version serve again that served before.
        @JsonProperty("roll-back")
        ROLL_BACK,
        /// From now on approved candidates wait for a person.
        @JsonProperty("pause")
        PAUSE,
        /// Approved candidates serve by themselves again, and a pin is taken out.
        @JsonProperty("resume")
        RESUME,
        /// As pause, and ratings do not take back what serves.
        @JsonProperty("pin")
        PIN;

        boolean needsVersion() {
            return this == APPROVE || this == REJECT;
        }

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
