package io.adaptermill.schemas.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.adaptermill.schemas.feedback.Feedback;
import java.util.Objects;

/// A product handed in what a user said; the event's JSON is the feedback itself. Its id is the envelope's.
public record FeedbackReceived(@JsonValue Feedback feedback) implements Event {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public FeedbackReceived {
        Objects.requireNonNull(feedback, "feedback");
    }
}
