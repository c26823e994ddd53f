package io.adaptermill.serving.swap;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// What answers for a tenant: the bare base model, or one version of its adapter.
public sealed interface Served {
    Served BASE = new Base();

    static Served of(AdapterRef adapter) {
        return new Version(adapter);
    }

    Optional<AdapterRef> adapter();

    default Optional<VersionId> version() {
        return adapter().map(AdapterRef::version);
    }

    /// `acme@7` or `base`: how an answer names who wrote it.
    default String label() {
        return version().map(VersionId::toString).orElse("base");
    }

    /// The base model without an adapter; every tenant starts here.
    record Base() implements Served {
        @Override
        public Optional<AdapterRef> adapter() {
            return Optional.empty();
        }
    }

    /// An approved version, by name and digest.
    record Version(AdapterRef ref) implements Served {
        @Override
        public Optional<AdapterRef> adapter() {
            return Optional.of(ref);
        }
    }
}
