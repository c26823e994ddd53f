package io.adaptermill.evaluator.evidence;

import io.adaptermill.lora.Completion;
import io.adaptermill.schemas.feedback.Example;
import java.util.List;
import java.util.Optional;

/// Responses that should be likely or unlikely: what an example asks of a model.
///
/// @param parts quality is the signed sum of their losses per token
public record Question(List<Part> parts) {
    /// @param wanted whether a lower loss is better
    public record Part(Completion completion, boolean wanted) {}

    public static Question of(Example example) {
        return switch (example) {
            case Example.Demonstration(var prompt, String response) ->
                new Question(List.of(new Part(new Completion(prompt, response), true)));
            case Example.Edit(var prompt, String _, String edited) ->
                new Question(List.of(new Part(new Completion(prompt, edited), true)));
            case Example.Preference(var prompt, String chosen, String rejected) ->
                new Question(List.of(
                        new Part(new Completion(prompt, chosen), true),
                        new Part(new Completion(prompt, rejected), false)));
            case Example.Rating(var prompt, String response, boolean good) ->
                new Question(List.of(new Part(new Completion(prompt, response), good)));
        };
    }

    /// The response that is wanted, if the example names one.
    public Optional<Completion> wanted() {
        return parts.stream().filter(Part::wanted).map(Part::completion).findFirst();
    }

    /// @param natsPerToken one loss a part, in their order
    public double quality(List<Double> natsPerToken) {
        double sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            sum += parts.get(i).wanted() ? -natsPerToken.get(i) : natsPerToken.get(i);
        }
        return sum;
    }
}
