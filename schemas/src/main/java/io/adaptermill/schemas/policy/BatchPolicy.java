package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;
import java.time.Duration;

/// When a tenant's buffer becomes a training batch: at the first limit that is reached.
///
/// @param examplesMax examples a batch holds at most; reaching it closes the batch
/// @param tokensMax estimated tokens (four characters each) that close a batch
/// @param ageMax age of the oldest waiting example that closes a batch
/// @param bufferedMax examples that may wait while a batch is in flight; more are refused
/// @param decisionWaitMax how long a batch may be in flight before the next one is released without its decision
public record BatchPolicy(int examplesMax, int tokensMax, Duration ageMax, int bufferedMax, Duration decisionWaitMax) {
    public static final BatchPolicy DEFAULT =
            new BatchPolicy(48, 16_384, Duration.ofMinutes(15), 10_000, Duration.ofHours(1));

    public BatchPolicy {
        Checks.within("examplesMax", examplesMax, 1, 1024);
        Checks.within("tokensMax", tokensMax, 64, 200_000);
        Checks.within("bufferedMax", bufferedMax, 1, 1_000_000);
        positive("ageMax", ageMax);
        positive("decisionWaitMax", decisionWaitMax);
    }

    private static void positive(String field, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(field + " must be positive, was " + value);
        }
    }
}
