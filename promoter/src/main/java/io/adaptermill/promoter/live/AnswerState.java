package io.adaptermill.promoter.live;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// What is known of one answer. Its halves come in either order; the first rating counts, and counts once.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AnswerState.Written.class, name = "written"),
    @JsonSubTypes.Type(value = AnswerState.Judged.class, name = "judged"),
    @JsonSubTypes.Type(value = AnswerState.Counted.class, name = "counted"),
})
public sealed interface AnswerState {
    /// @param version absent for the bare base model
    record Written(Optional<VersionId> version) implements AnswerState {}

    record Judged(boolean good) implements AnswerState {}

    record Counted() implements AnswerState {}

    /// A rating of a version.
    ///
    /// @param version absent for the bare base model
    record Vote(Optional<VersionId> version, boolean good) {}

    /// @param vote present once both halves are there
    record Next(AnswerState state, Optional<Vote> vote) {}

    static Next after(Optional<AnswerState> before, Signal signal) {
        return switch (signal) {
            case Signal.Answered(var _, var version) ->
                before.map(state -> answered(state, version)).orElseGet(() -> waiting(new Written(version)));
            case Signal.Rated(var _, boolean good) ->
                before.map(state -> rated(state, good)).orElseGet(() -> waiting(new Judged(good)));
        };
    }

    private static Next answered(AnswerState before, Optional<VersionId> version) {
        return switch (before) {
            case Judged(boolean good) -> counted(new Vote(version, good));
            case Written _, Counted _ -> waiting(before);
        };
    }

    private static Next rated(AnswerState before, boolean good) {
        return switch (before) {
            case Written(var version) -> counted(new Vote(version, good));
            case Judged _, Counted _ -> waiting(before);
        };
    }

    private static Next waiting(AnswerState state) {
        return new Next(state, Optional.empty());
    }

    private static Next counted(Vote vote) {
        return new Next(new Counted(), Optional.of(vote));
    }
}
