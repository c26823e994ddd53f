package io.adaptermill.promoter.live;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// One half of a rated answer: who wrote it, or how it was found. No text.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Signal.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = Signal.Rated.class, name = "rated"),
})
public sealed interface Signal {
    InferenceId inference();

    /// @param version absent for the bare base model
    record Answered(InferenceId inference, Optional<VersionId> version) implements Signal {}

    record Rated(InferenceId inference, boolean good) implements Signal {}

    static Signal of(InferenceServed served) {
        return new Answered(served.inference(), served.version());
    }

    /// @return absent if it does not rate an answer by its id
    static Optional<Signal> of(Feedback feedback) {
        return switch (feedback) {
            case Feedback.Rating rating -> rating.inferenceId().map(inference -> new Rated(inference, rating.good()));
            case Feedback.Edit _, Feedback.Demonstration _, Feedback.Preference _ -> Optional.empty();
        };
    }
}
