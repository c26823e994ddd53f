package io.adaptermill.ingest.join;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;

/// Makes examples of feedback: as it stands where it carries its text, with the answer it names otherwise.
public final class FeedbackJoin {
    private FeedbackJoin() {}

    public static Joined join(Feedback feedback) {
        return switch (feedback) {
            case Feedback.Demonstration f -> new Joined.Learnable(new Example.Demonstration(f.prompt(), f.response()));
            case Feedback.Preference f ->
                new Joined.Learnable(new Example.Preference(f.prompt(), f.chosen(), f.rejected()));
            case Feedback.Edit f
            when f.inferenceId().isPresent() ->
                new Joined.NeedsAnswer(f.inferenceId().get());
            case Feedback.Rating f
            when f.inferenceId().isPresent() ->
                new Joined.NeedsAnswer(f.inferenceId().get());
            case Feedback.Edit f -> edit(f.prompt().orElseThrow(), f.original().orElseThrow(), f.edited());
            case Feedback.Rating f ->
                rating(f.prompt().orElseThrow(), f.response().orElseThrow(), f.good());
        };
    }

    public static Joined join(Feedback feedback, Answer answer) {
        return switch (feedback) {
            case Feedback.Edit f -> edit(answer.prompt(), answer.response(), f.edited());
            case Feedback.Rating f -> rating(answer.prompt(), answer.response(), f.good());
            case Feedback.Demonstration _, Feedback.Preference _ -> join(feedback);
        };
    }

    /// An edit of nothing, or one that changes nothing, prefers nothing: it shows what is right.
    private static Joined edit(Prompt prompt, String original, String edited) {
        return new Joined.Learnable(
                original.isBlank() || original.equals(edited)
                        ? new Example.Demonstration(prompt, edited)
                        : new Example.Edit(prompt, original, edited));
    }

    private static Joined rating(Prompt prompt, String response, boolean good) {
        return response.isBlank()
                ? new Joined.Unlearnable("the rated answer is empty, so there is no text to learn from")
                : new Joined.Learnable(new Example.Rating(prompt, response, good));
    }
}
