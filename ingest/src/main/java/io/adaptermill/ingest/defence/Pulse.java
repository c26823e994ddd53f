package io.adaptermill.ingest.defence;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How fast a tenant's events come, and how many were let through.
///
/// A leaky bucket that holds a minute's worth (GCRA, as ITU-T I.371 has it): each event takes its share of a
/// minute, and time gives it back.
///
/// @param next sequence number of the next event that is let through
/// @param paidUntil when the bucket is empty again
public record Pulse(long next, Instant paidUntil) {
    public static final Pulse FIRST = new Pulse(1, Instant.EPOCH);

    private static final Duration HELD = Duration.ofMinutes(1);

    /// @return absent if the bucket is full
    public Optional<Pulse> after(Instant now, int perMinuteMax) {
        Duration each = HELD.dividedBy(perMinuteMax);
        Instant from = paidUntil.isAfter(now) ? paidUntil : now;
        Instant until = from.plus(each);
        return until.isAfter(now.plus(HELD)) ? Optional.empty() : Optional.of(new Pulse(next + 1, until));
    }
}
