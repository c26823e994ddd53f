package io.adaptermill.evaluator.evidence;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.lora.Completion;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import java.util.List;
import java.util.Optional;

/// The base model, the store, and what both say about an adapter.
public interface Scoring extends AutoCloseable {
    /// Fingerprint of the base model.
    Digest base();

    /// Verified on reading.
    ///
    /// @throws io.adaptermill.artifacts.ArtifactMissing if the store has none such
    /// @throws io.adaptermill.artifacts.MalformedFile if it is not what it must be
    AdapterArtifact artifact(Digest digest);

    /// How surprised an adapter is by each response, in nats per token.
    ///
    /// @param adapter absent for the bare base model
    List<Double> losses(Optional<Adapter> adapter, List<Completion> completions);

    /// How far its distributions are from another's over each response, `KL(from ‖ adapter)` in nats per token.
    ///
    /// @param adapter absent for the bare base model, like the other one
    List<Double> divergences(Optional<Adapter> adapter, Optional<Adapter> from, List<Completion> completions);

    /// What an adapter answers by itself, always taking the likeliest word.
    ///
    /// @param adapter absent for the bare base model
    Answers answers(Optional<Adapter> adapter, List<Prompt> prompts, int tokensMax);

    @Override
    void close();
}
