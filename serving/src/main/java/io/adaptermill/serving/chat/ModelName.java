package io.adaptermill.serving.chat;

import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// What `model` may name: the bare base model, whatever answers for a tenant, or exactly one version.
public sealed interface ModelName {
    String BASE = "base";
    String CHAMPION_SUFFIX = "@champion";

    /// @return absent if the text names nothing of that kind
    static Optional<ModelName> parse(String text) {
        try {
            if (text.equals(BASE)) return Optional.of(new Base());
            if (text.endsWith(CHAMPION_SUFFIX))
                return Optional.of(tenant(text.substring(0, text.length() - CHAMPION_SUFFIX.length())));
            if (text.contains("@")) return Optional.of(new Pinned(VersionId.parse(text)));
            return Optional.of(tenant(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Whose model it is; the base model is nobody's.
    Optional<TenantId> owner();

    private static ModelName tenant(String text) {
        return new Tenant(new TenantId(text));
    }

    record Base() implements ModelName {
        @Override
        public Optional<TenantId> owner() {
            return Optional.empty();
        }
    }

    record Tenant(TenantId tenant) implements ModelName {
        @Override
        public Optional<TenantId> owner() {
            return Optional.of(tenant);
        }
    }

    /// Answers only while this version serves.
    record Pinned(VersionId version) implements ModelName {
        @Override
        public Optional<TenantId> owner() {
            return Optional.of(version.tenant());
        }
    }
}
