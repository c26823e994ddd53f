package io.adaptermill.lineage.history;

import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// The answer that a rating or an edit named.
///
/// @param version that wrote it; absent if the bare base model did, or if the answer is not in the log
/// @param inLog whether `inference.served` still has it
public record JudgedAnswer(InferenceId inference, Optional<VersionId> version, boolean inLog) {}
