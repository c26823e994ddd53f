package io.adaptermill.promoter.promotion;

import io.adaptermill.schemas.id.VersionId;

/// What becomes of a candidate.
public sealed interface Decision {
    /// It serves from now on.
    record Promote(String reason) implements Decision {}

    /// It does not serve; the next batch builds on it.
    record Hold(String reason) implements Decision {}

    /// It is left behind.
    record Refuse(String reason) implements Decision {}

    /// It was decided before, and that stands.
    record AlreadyDecided(VersionId version) implements Decision {}
}
