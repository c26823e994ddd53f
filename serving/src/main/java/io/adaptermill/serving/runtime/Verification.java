package io.adaptermill.serving.runtime;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import java.util.Optional;

/// The last look at an artifact before its weights meet the engine.
final class Verification {
    private Verification() {}

    /// @return what is wrong with it, or nothing
    static Optional<String> problem(AdapterRef wanted, Digest base, AdapterSource.Fetched fetched) {
        if (!fetched.version().equals(wanted.version())) {
            return Optional.of("the artifact " + wanted.artifact() + " says it is " + fetched.version()
                    + ", the pointer says " + wanted.version());
        }
        if (!fetched.base().equals(base)) {
            return Optional.of(wanted.version() + " was trained on the base model " + fetched.base()
                    + ", this replica runs " + base + ": start it with that model, or train the version again");
        }
        if (!fetched.adapter().isFinite()) {
            return Optional.of(wanted.version() + " has weights that are not finite numbers: it must not serve");
        }
        return Optional.empty();
    }
}
