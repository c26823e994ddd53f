package io.adaptermill.lora.train;

import io.adaptermill.lora.transformer.TokenSequence;
import io.adaptermill.schemas.feedback.Example;
import java.util.List;

/// One example as token sequences, and by which losses it teaches.
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

    /// SFT on the edit, and DPO of the edit over the original.
    record Edited(TokenSequence edited, TokenSequence original) implements Lesson {
        @Override
        public List<TokenSequence> sequences() {
            return List.of(edited, original);
        }
    }

    /// DPO.
    record Preferred(TokenSequence chosen, TokenSequence rejected) implements Lesson {
        @Override
        public List<TokenSequence> sequences() {
            return List.of(chosen, rejected);
        }
    }

    /// KTO.
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

    /// The sequence that SFT learns, counted in tokens; 0 if none.
    default int imitatedTokens() {
        return switch (this) {
            case Demonstrated(var response) -> response.targets();
            case Edited(var edited, var unused) -> edited.targets();
            case Preferred _, Rated _ -> 0;
        };
    }

    /// Whether its loss compares with the reference.
    default boolean needsReference() {
        return !(this instanceof Demonstrated);
    }
}
