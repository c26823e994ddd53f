package io.adaptermill.kafka;

import io.adaptermill.schemas.error.Unavailable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Tries again while the world is away, with growing, jittered pauses; gives up only when the worker stops.
public final class Retries {
    private static final long PAUSE_MILLIS_MAX = 30_000;

    private Retries() {}

    /// @param stillWanted throws when there is no point in going on
    public static <T> T whileUnavailable(Runnable stillWanted, Supplier<T> work) {
        for (int attempt = 0; ; attempt++) {
            stillWanted.run();
            try {
                return work.get();
            } catch (Unavailable e) {
                pause(stillWanted, Math.min(PAUSE_MILLIS_MAX, e.retryAfter().toMillis() << Math.min(attempt, 10)));
            }
        }
    }

    private static void pause(Runnable stillWanted, long millis) {
        long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(millis / 2, millis + 1) * 1_000_000;
        while (System.nanoTime() < until) {
            stillWanted.run();
            LockSupport.parkNanos(100_000_000);
        }
    }
}
