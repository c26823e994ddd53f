package io.adaptermill.ingest.join;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.id.InferenceId;

/// What feedback turned out to be, once its answer was looked for.
public sealed interface Joined {
    /// It says something that a model can learn.
    record Learnable(Example example) implements Joined {}

    /// It judges an answer that must be found first.
    record NeedsAnswer(InferenceId inference) implements Joined {}

    /// Nothing can be learned from it.
    ///
    /// @param detail why, without user text
    record Unlearnable(String detail) implements Joined {}
}
