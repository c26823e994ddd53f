package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;

/// How much of a tenant's feedback is kept out of training, to judge by.
///
/// @param share of events, chosen by a stable hash of tenant and event id
public record HoldoutPolicy(double share) {
    public static final HoldoutPolicy DEFAULT = new HoldoutPolicy(0.15);

    public HoldoutPolicy {
        Checks.within("share", share, 0, 0.9);
    }
}
