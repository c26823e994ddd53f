package io.adaptermill.ingest.defence;

import io.adaptermill.schemas.id.SubjectId;
import java.time.Instant;
import java.util.Optional;

/// What is remembered of an event that was let through: no text.
///
/// @param sequence counted within the tenant
/// @param sketch of what it teaches; absent if it judges an answer of ours and brings no text of its own
/// @param at by our clock
public record Passed(long sequence, Optional<SubjectId> subject, Optional<TextSketch> sketch, Instant at) {}
