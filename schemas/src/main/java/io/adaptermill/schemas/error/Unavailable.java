package io.adaptermill.schemas.error;

import java.time.Duration;

/// The world is away: a broker, a store or a disk did not answer.
///
/// Raised when the same call may succeed later. What to do: try again after [#retryAfter()], with growing, jittered
/// pauses; commit nothing before it succeeds; over HTTP, answer 503.
public final class Unavailable extends AdaptermillException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /// @param what what did not answer, for whom, and where to look next
    public Unavailable(String what, Duration retryAfter, Throwable cause) {
        super(what, cause);
        this.retryAfter = retryAfter;
    }

    public Unavailable(String what, Duration retryAfter) {
        super(what);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
