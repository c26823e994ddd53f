package io.adaptermill.serving.engine;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.GenerationResult;
import io.adaptermill.schemas.id.Digest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What serving needs of a model. [#load] may be called from any thread; everything else from the decode thread only.
public interface Engine extends AutoCloseable {
    /// Fingerprint of the base model: adapters of another base must not meet it.
    Digest base();

    /// @throws IllegalArgumentException if the adapter does not fit the model
    Weights load(Adapter adapter);

    /// Prepares an answer; computes nothing yet.
    ///
    /// @param weights absent for the bare base model
    /// @param onText each further piece of the answer, whole characters only; called from [#step]
    /// @throws io.adaptermill.lora.generate.ContextExceeded if the conversation is too long
    Decoding start(GenerationRequest request, Optional<Weights> weights, Consumer<String> onText);

    /// Brings every answer one step further: a token, or a part of its prompt.
    void step(List<Decoding> batch);

    /// Positions that all running answers together may need, for their memory is what grows.
    long positionsMax();

    @Override
    void close();

    /// An adapter in the engine's own form; freed with its last reference.
    interface Weights {}

    /// An answer in the making.
    interface Decoding {
        boolean isFinished();

        /// Positions it may come to need: its conversation's and its answer's.
        int positions();

        /// The answer, once finished.
        GenerationResult result();
    }
}
