package io.adaptermill.serving.access;

import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;

/// Whether a request may be answered.
public sealed interface Access {
    /// @param tenant whose request it is; absent only for the base model without a key
    record Granted(Optional<TenantId> tenant) implements Access {}

    /// Who asks is not known.
    record Unknown(String message) implements Access {}

    /// Who asks is known, and may not ask this.
    record Forbidden(String message) implements Access {}

    /// No tenant of that name is registered.
    record NoSuchTenant(TenantId tenant) implements Access {}
}
