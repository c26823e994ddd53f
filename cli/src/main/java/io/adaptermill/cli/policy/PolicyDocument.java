package io.adaptermill.cli.policy;

import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;

/// What one document says about one tenant.
///
/// @param listsKeys whether it lists API keys; if not, the tenant keeps those it has
/// @param policy all that it does not say is at its default
public record PolicyDocument(TenantId tenant, boolean listsKeys, TenantPolicy policy) {
    public static final String API_VERSION = "adaptermill/v1";
    public static final String KIND = "TenantPolicy";
}
