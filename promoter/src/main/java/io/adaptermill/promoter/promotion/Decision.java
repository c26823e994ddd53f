package io.adaptermill.promoter.promotion;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Rollout;
import java.util.Optional;

/// What becomes of a version.
public sealed interface Decision {
    /// It serves from now on.
    record Promote(String reason) implements Decision {}

    /// It does not serve; the next batch builds on it.
    record Hold(String reason) implements Decision {}

    /// Its gates approved it, and it waits for a person; meanwhile it is held.
    record Await(String reason) implements Decision {}

    /// Its gates approved it, and it answers some conversations; meanwhile it is held.
    record Try(Rollout.Canary plan, String reason) implements Decision {}

    /// It is left behind.
    record Refuse(String reason) implements Decision {}

    /// It served, and gives way to what served before it.
    ///
    /// @param to absent for the bare base model
    record RollBack(Optional<AdapterRef> to, String reason) implements Decision {}

    /// It was decided before, and that stands.
    record AlreadyDecided(VersionId version) implements Decision {}
}
