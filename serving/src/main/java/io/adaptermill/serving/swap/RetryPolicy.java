package io.adaptermill.serving.swap;

import java.time.Duration;

/// How often a failing step is tried again, and when the replica gives up until the pointer moves.
///
/// @param attemptsMax tries in a row, at least 1
/// @param first wait after the first failure; doubles with each further one
/// @param longest no wait is longer
public record RetryPolicy(int attemptsMax, Duration first, Duration longest) {
    /// About two minutes in all: longer than a store's fail-over, shorter than an operator's patience.
    public static final RetryPolicy DEFAULT = new RetryPolicy(8, Duration.ofMillis(500), Duration.ofSeconds(30));

    public RetryPolicy {
        if (attemptsMax < 1) throw new IllegalArgumentException("attemptsMax must be at least 1, was " + attemptsMax);
        if (!first.isPositive()) throw new IllegalArgumentException("first must be positive, was " + first);
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("longest must be at least first, was " + longest);
        }
    }

    /// @param failures failures in a row, at least 1
    /// @param jitter in [0, 1]: replicas that failed together must not come back together
    public Retry after(int failures, double jitter) {
        if (failures >= attemptsMax) return new Retry.GiveUp();
        long doubled = first.toMillis() << Math.min(failures - 1, 20);
        long capped = Math.min(doubled, longest.toMillis());
        return new Retry.Wait(Duration.ofMillis((long) (capped * (0.5 + 0.5 * jitter))));
    }

    /// What to do about a failed step.
    public sealed interface Retry {
        record Wait(Duration delay) implements Retry {}

        /// The old version keeps answering; a new pointer or the next look starts over.
        record GiveUp() implements Retry {}
    }
}
