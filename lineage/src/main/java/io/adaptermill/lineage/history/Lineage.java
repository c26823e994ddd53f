package io.adaptermill.lineage.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;

/// What there is to say about one thing: back to its causes, or on to its effects.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "of")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Lineage.OfAnswer.class, name = "answer"),
    @JsonSubTypes.Type(value = Lineage.OfVersion.class, name = "version"),
    @JsonSubTypes.Type(value = Lineage.OfEvent.class, name = "feedback"),
    @JsonSubTypes.Type(value = Lineage.OfSubject.class, name = "subject"),
})
public sealed interface Lineage {
    TenantId tenant();

    /// An answer, and what made it so.
    ///
    /// @param version absent if the bare base model answered
    record OfAnswer(TenantId tenant, InferenceId inference, Optional<VersionId> version, Descent descent)
            implements Lineage {}

    /// A version: where it comes from, and what came from it.
    ///
    /// @param descendants versions that went on from it, the oldest first
    /// @param answers it gave itself, as far as the log goes back
    record OfVersion(
            TenantId tenant, VersionId version, Descent descent, List<VersionId> descendants, List<InferenceId> answers)
            implements Lineage {
        public OfVersion {
            descendants = List.copyOf(descendants);
            answers = List.copyOf(answers);
        }
    }

    /// A feedback event, and what it led to.
    ///
    /// @param judged the answer it spoke of
    /// @param trained versions whose weights it is in, itself or through a parent; the oldest first
    /// @param tested candidates that were measured on it, which changes no weight
    /// @param answers given by the versions it trained
    record OfEvent(
            TenantId tenant,
            EventId event,
            Optional<JudgedAnswer> judged,
            Whereabouts whereabouts,
            List<VersionId> trained,
            List<VersionId> tested,
            List<InferenceId> answers)
            implements Lineage {
        public OfEvent {
            trained = List.copyOf(trained);
            tested = List.copyOf(tested);
            answers = List.copyOf(answers);
        }
    }

    /// A person: everything that is here because of what they said.
    ///
    /// @param events theirs, with where each went
    /// @param trained versions whose weights any of them is in; the oldest first
    /// @param tested candidates that were measured on any of them
    /// @param answers given by the versions they trained
    /// @param serving what answers now; absent for the bare base model
    /// @param lastClean the youngest promoted version without them; absent for the bare base model
    record OfSubject(
            TenantId tenant,
            SubjectId subject,
            List<PlacedEvent> events,
            List<VersionId> trained,
            List<VersionId> tested,
            List<InferenceId> answers,
            Optional<VersionId> serving,
            Optional<VersionId> lastClean)
            implements Lineage {
        public OfSubject {
            events = List.copyOf(events);
            trained = List.copyOf(trained);
            tested = List.copyOf(tested);
            answers = List.copyOf(answers);
        }

        /// Whether what answers now learned from them.
        public boolean isServed() {
            return serving.filter(trained::contains).isPresent();
        }
    }

    /// One feedback event and where it went.
    record PlacedEvent(EventId event, Whereabouts whereabouts) {}
}
