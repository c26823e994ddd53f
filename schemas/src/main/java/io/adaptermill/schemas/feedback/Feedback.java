package io.adaptermill.schemas.feedback;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import java.util.Optional;

/// What a user said about an answer: the data of `feedback.received`, in the words of the JSON contract.
///
/// A rating or an edit names the answer it judges either by inference id, which ingest joins with
/// `inference.served`, or by carrying its text.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Feedback.Demonstration.class, name = "demonstration"),
    @JsonSubTypes.Type(value = Feedback.Edit.class, name = "edit"),
    @JsonSubTypes.Type(value = Feedback.Preference.class, name = "preference"),
    @JsonSubTypes.Type(value = Feedback.Rating.class, name = "rating"),
})
public sealed interface Feedback {
    /// The person it came from, if the product says.
    Optional<SubjectId> subject();

    /// The ideal answer to a prompt.
    record Demonstration(Prompt prompt, String response, Optional<SubjectId> subject) implements Feedback {
        public Demonstration {
            Checks.filled("response", response);
        }
    }

    /// A response as it was and as the user corrected it.
    record Edit(
            Optional<InferenceId> inferenceId,
            Optional<Prompt> prompt,
            Optional<String> original,
            String edited,
            Optional<SubjectId> subject)
            implements Feedback {
        public Edit {
            Checks.filled("edited", edited);
            requireIdOrText(inferenceId, prompt, original, "original");
        }
    }

    /// Two responses to one prompt, the better one named.
    record Preference(Prompt prompt, String chosen, String rejected, Optional<SubjectId> subject) implements Feedback {
        public Preference {
            Checks.filled("chosen", chosen);
            Checks.filled("rejected", rejected);
            if (chosen.equals(rejected)) {
                throw new IllegalArgumentException("chosen and rejected must differ");
            }
        }
    }

    /// A thumb, or a score from 0 (worst) to 1 (best), for one response.
    record Rating(
            Optional<InferenceId> inferenceId,
            Optional<Prompt> prompt,
            Optional<String> response,
            Optional<Thumb> thumb,
            Optional<Double> score,
            Optional<SubjectId> subject)
            implements Feedback {
        /// Scores from here on count as good.
        public static final double SCORE_GOOD = 0.5;

        public Rating {
            requireIdOrText(inferenceId, prompt, response, "response");
            if (thumb.isPresent() == score.isPresent()) {
                throw new IllegalArgumentException("rating must have exactly one of thumb and score");
            }
            score.ifPresent(value -> Checks.within("score", value, 0, 1));
        }

        public boolean good() {
            return thumb.map(value -> value == Thumb.UP).orElseGet(() -> score.orElseThrow() >= SCORE_GOOD);
        }
    }

    private static void requireIdOrText(
            Optional<InferenceId> inferenceId, Optional<Prompt> prompt, Optional<String> text, String textField) {
        boolean hasText = prompt.isPresent() && text.isPresent();
        boolean hasSomeText = prompt.isPresent() || text.isPresent();
        if (inferenceId.isPresent() ? hasSomeText : !hasText) {
            throw new IllegalArgumentException(
                    "feedback must have either inferenceId, or both prompt and " + textField + ", not a mixture");
        }
        text.ifPresent(value -> Checks.filled(textField, value));
    }
}
