package io.adaptermill.lora.train;

import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.schemas.feedback.Example;
import java.util.List;

/// One example as token sequences; [LessonLosses] says what each kind costs.
public sealed interface Lesson {
    /// What must go through the decoder together, because one loss reads them all.
    List<TokenSequence> sequences();

    /// SFT.
    record Demonstrated(TokenSequence response) implements Lesson {
        @Override
        public List<TokenSequence> sequences() {
            return List.of(response);
        }
    }

    /// SFT on the edit, and the edit preferred to the original.
    record Edited(TokenSequence edited, TokenSequence original) implements Lesson {
        @Override
        public List<TokenSequence> sequences() {
            return List.of(edited, original);
        }
    }

    /// A pair.
    record Preferred(TokenSequence chosen, TokenSequence rejected) implements Lesson {
        @Override
        public List<TokenSequence> sequences() {
            return List.of(chosen, rejected);
        }
    }

    /// A rating.
    record Rated(TokenSequence response, boolean good) implements Lesson {
        @Override
        public List<TokenSequence> sequences() {
            return List.of(response);
        }
    }

    static Lesson of(Example example, Rendering rendering, int tokensMax) {
        return switch (example) {
            case Example.Demonstration(var prompt, var response) ->
                new Demonstrated(rendering.sequence(prompt, response, tokensMax));
            case Example.Edit(var prompt, var original, var edited) ->
                new Edited(
                        rendering.sequence(prompt, edited, tokensMax), rendering.sequence(prompt, original, tokensMax));
            case Example.Preference(var prompt, var chosen, var rejected) ->
                new Preferred(
                        rendering.sequence(prompt, chosen, tokensMax), rendering.sequence(prompt, rejected, tokensMax));
            case Example.Rating(var prompt, var response, var good) ->
                new Rated(rendering.sequence(prompt, response, tokensMax), good);
        };
    }

    /// Tokens that go through the decoder.
    default int rows() {
        return sequences().stream().mapToInt(TokenSequence::rows).sum();
    }
}
