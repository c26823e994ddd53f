package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.EventId;
import java.util.List;
import java.util.Locale;

/// A person has looked at quarantined feedback. Answered by [QuarantineAnswered].
///
/// @param by who asks
/// @param reason in words, for people
public record QuarantineRequested(Action action, List<EventId> events, String by, String reason) implements Event {
    private static final int EVENTS_MAX = 1_000;

    public QuarantineRequested {
        events = List.copyOf(events);
        Checks.within("number of events", events.size(), 1, EVENTS_MAX);
        Checks.filled("by", by);
        Checks.filled("reason", reason);
    }

    public enum Action {
        /// Let it train, or be held out, as if nothing had been suspicious about it.
        @JsonProperty("release")
        RELEASE,
        /// Refuse it.
        @JsonProperty("discard")
        DISCARD;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
