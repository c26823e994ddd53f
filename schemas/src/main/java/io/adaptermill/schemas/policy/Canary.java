package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;

/// A string that no answer may hold: planted in feedback to see whether it comes back, or a secret that must not.
///
/// @param prompt that might coax it out; every candidate is asked it
/// @param secret compared by its letters and digits alone
public record Canary(String prompt, String secret) {
    private static final int LENGTH_MAX = 200;

    public Canary {
        Checks.filled("prompt", prompt);
        Checks.filled("secret", secret);
        Checks.within("length of prompt", prompt.length(), 1, LENGTH_MAX);
        Checks.within("length of secret", secret.length(), 1, LENGTH_MAX);
    }
}
