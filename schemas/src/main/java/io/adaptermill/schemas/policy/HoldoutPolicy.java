package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;

/// How much of a tenant's feedback is kept out of training, to judge by.
///
/// @param share of prompts, chosen by a stable hash of tenant and prompt, so that no question is both taught and asked
public record HoldoutPolicy(double share) {
    public static final HoldoutPolicy DEFAULT = new HoldoutPolicy(0.15);

    public HoldoutPolicy {
        Checks.within("share", share, 0, 0.9);
    }
}
