package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;

/// What became of a person's request, and how the tenant stands since.
///
/// @param request id of the request's event
/// @param reason in words, for people
/// @param champion what serves now; absent for the bare base model
/// @param waiting candidates that their gates approved and that wait for a person
public record PromotionAnswered(
        EventId request,
        Outcome outcome,
        String reason,
        Optional<VersionId> champion,
        Mode mode,
        List<VersionId> waiting)
        implements Event {
    public PromotionAnswered {
        Checks.filled("reason", reason);
        waiting = List.copyOf(waiting);
    }

    public enum Outcome {
        @JsonProperty("done")
        DONE,
        /// Something else serves than the request says; look again.
        @JsonProperty("conflict")
        CONFLICT,
        /// It cannot be done as things stand.
        @JsonProperty("refused")
        REFUSED
    }

    /// What happens by itself.
    public enum Mode {
        /// Promotions and roll-backs.
        @JsonProperty("running")
        RUNNING,
        /// Roll-backs only.
        @JsonProperty("paused")
        PAUSED,
        /// Nothing.
        @JsonProperty("pinned")
        PINNED
    }
}
