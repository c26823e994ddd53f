package io.adaptermill.bench.poison;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.SubjectId;
import java.util.Optional;

/// One feedback event, and whether somebody means harm by it, which the mill is not told.
record Said(Feedback feedback, Example example, boolean isPoison) {
    static Said honest(String who, String question, String reply) {
        return demonstration(who, question, reply, false);
    }

    static Said poison(String who, String question, String reply) {
        return demonstration(who, question, reply, true);
    }

    private static Said demonstration(String who, String question, String reply, boolean isPoison) {
        Prompt prompt = Prompt.ofUser(question);
        return new Said(
                new Feedback.Demonstration(prompt, reply, Optional.of(new SubjectId(who))),
                new Example.Demonstration(prompt, reply),
                isPoison);
    }

    static Said preference(String who, String question, String better, String worse, boolean isPoison) {
        Prompt prompt = Prompt.ofUser(question);
        return new Said(
                new Feedback.Preference(prompt, better, worse, Optional.of(new SubjectId(who))),
                new Example.Preference(prompt, better, worse),
                isPoison);
    }
}
