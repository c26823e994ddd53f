package io.adaptermill.evaluator.evidence;

import io.adaptermill.lora.Completion;
import io.adaptermill.schemas.feedback.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Responses that should be likely or unlikely: what an example asks of a model.
///
/// @param kind what else can be read off the same losses
/// @param parts quality is the weighted sum of their losses per token
public record Question(Kind kind, List<Part> parts) {
    /// What an example compares.
    public enum Kind {
        /// One response that is wanted.
        WANTED,
        /// The first response is better than the second.
        PAIR,
        /// One response that a user rated.
        RATED
    }

    /// @param weight 1 if a lower loss is better, -1 if a higher one is, 0 if it is only compared with
    public record Part(Completion completion, int weight) {}

    public static Question of(Example example) {
        return switch (example) {
            case Example.Demonstration(var prompt, String response) ->
                new Question(Kind.WANTED, List.of(new Part(new Completion(prompt, response), 1)));
            case Example.Edit(var prompt, String original, String edited) ->
                new Question(
                        Kind.PAIR,
                        List.of(
                                new Part(new Completion(prompt, edited), 1),
                                new Part(new Completion(prompt, original), 0)));
            case Example.Preference(var prompt, String chosen, String rejected) ->
                new Question(
                        Kind.PAIR,
                        List.of(
                                new Part(new Completion(prompt, chosen), 1),
                                new Part(new Completion(prompt, rejected), -1)));
            case Example.Rating(var prompt, String response, boolean good) ->
                new Question(Kind.RATED, List.of(new Part(new Completion(prompt, response), good ? 1 : -1)));
        };
    }

    /// The response that is wanted, if the example names one.
    public Optional<Completion> wanted() {
        return parts.stream()
                .filter(part -> part.weight() == 1)
                .map(Part::completion)
                .findFirst();
    }

    /// Of all questions, one after the other: what is to be scored.
    static List<Completion> completions(List<Question> questions) {
        return questions.stream()
                .flatMap(question -> question.parts().stream())
                .map(Part::completion)
                .toList();
    }

    /// @param losses of [#completions]
    static List<Answered> answered(List<Question> questions, List<Double> losses) {
        List<Answered> all = new ArrayList<>();
        int at = 0;
        for (Question question : questions) {
            int end = at + question.parts().size();
            all.add(new Answered(question, losses.subList(at, end)));
            at = end;
        }
        return all;
    }

    /// A question with what a model thinks of its parts.
    ///
    /// @param losses nats per token, one a part
    record Answered(Question question, List<Double> losses) {
        /// How well the model does, in nats per token; higher is better.
        double quality() {
            double sum = 0;
            for (int i = 0; i < losses.size(); i++) {
                int weight = question.parts().get(i).weight();
                if (weight != 0) sum -= weight * losses.get(i);
            }
            return sum;
        }

        /// How far the better of a pair is ahead, in nats per token.
        double margin() {
            return losses.getLast() - losses.getFirst();
        }
    }
}
