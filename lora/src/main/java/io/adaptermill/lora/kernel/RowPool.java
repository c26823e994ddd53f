package io.adaptermill.lora.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A few threads that share the rows of a kernel. Rows are independent, so neither their number nor who takes
/// which changes a result.
///
/// Owned by one thread, which works along: it takes piece after piece like the others, so a helper that gets no
/// core costs nothing but its help. Idle threads sleep. Closing ends them.
public final class RowPool implements AutoCloseable {
    /// Numbers below which handing over costs more than it gives.
    private static final long WORK_MIN = 60_000;
    /// Pieces for each thread: enough to even out, few enough to be long.
    private static final int PIECES = 3;
    /// How long to spin for a piece that somebody else is in the middle of, before giving the core away.
    private static final int SPINS_MAX = 2_000;

    private final List<Helper> helpers = new ArrayList<>();
    private volatile @Nullable Job current;
    private volatile boolean closed;

    /// @param threads all threads that take part, the caller included
    public RowPool(int threads) {
        if (threads < 1) throw new IllegalArgumentException("threads must be at least 1, was " + threads);
        for (int i = 1; i < threads; i++) helpers.add(new Helper());
        helpers.forEach(Thread::start);
    }

    /// What a kernel does with rows `[from, to)`.
    @FunctionalInterface
    public interface Rows {
        void run(int from, int to);
    }

    /// @param width numbers touched in a row, to judge whether sharing pays
    public void run(int rows, long width, Rows body) {
        if (helpers.isEmpty() || rows < 2 || rows * width < WORK_MIN) {
            body.run(0, rows);
            return;
        }
        Job job = new Job(body, rows, Math.min(rows, PIECES * (helpers.size() + 1)));
        current = job;
        helpers.forEach(LockSupport::unpark);
        job.work();
        job.await();
        current = null;
    }

    @Override
    public void close() {
        closed = true;
        helpers.forEach(LockSupport::unpark);
    }

    private static final class Job {
        private final Rows body;
        private final int rows;
        private final int pieces;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Job(Rows body, int rows, int pieces) {
            this.body = body;
            this.rows = rows;
            this.pieces = pieces;
        }

        /// Takes pieces until none is left.
        void work() {
            for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                try {
                    body.run(start(piece), start(piece + 1));
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        /// Until the last piece is done; throws what any of them threw.
        void await() {
            for (int spins = 0; done.get() < pieces; spins++) {
                if (spins < SPINS_MAX) Thread.onSpinWait();
                else Thread.yield();
            }
            Throwable thrown = failure;
            if (thrown instanceof Error error) throw error;
            if (thrown instanceof RuntimeException exception) throw exception;
        }

        private int start(int piece) {
            return (int) ((long) rows * piece / pieces);
        }
    }

    private final class Helper extends Thread {
        Helper() {
            super("rows");
            setDaemon(true);
        }

        @Override
        public void run() {
            Job last = null;
            while (!closed) {
                Job job = current;
                if (job == null || job == last) {
                    LockSupport.park(RowPool.this);
                } else {
                    job.work();
                    last = job;
                }
            }
        }
    }
}
