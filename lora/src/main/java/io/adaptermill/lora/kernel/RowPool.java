package io.adaptermill.lora.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A few threads that share the rows, or other pieces, of a kernel. Pieces are independent, so neither the number of
/// threads nor who takes which changes a result.
///
/// Owned by one thread, which works along: it takes piece after piece like the others, so a helper that gets no
/// core costs nothing but its help. A helper looks for the next piece for a moment before it sleeps, as a wake-up takes
/// longer than most kernels do. Closing ends them.
public final class RowPool implements AutoCloseable {
    /// Numbers below which handing over costs more than it gives.
    private static final long WORK_MIN = 60_000;
    /// Pieces for each thread: enough to even out, few enough to be long.
    private static final int PIECES = 3;
    /// How long to spin for a piece that somebody else is in the middle of, before giving the core away.
    private static final int SPINS_MAX = 2_000;
    /// How long a helper without work looks for more before it sleeps: about a tenth of a millisecond.
    private static final int IDLE_SPINS = 2_000;

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

    /// One of several pieces of work.
    @FunctionalInterface
    public interface Piece {
        void run(int piece);
    }

    /// @param width numbers touched in a row, to judge whether sharing pays
    public void run(int rows, long width, Rows body) {
        if (alone() || rows < 2 || rows * width < WORK_MIN) {
            body.run(0, rows);
            return;
        }
        share(new Job(body, rows, Math.min(rows, PIECES * (helpers.size() + 1))));
    }

    /// Runs pieces that are each long enough to be handed over, such as a library's products.
    public void each(int pieces, Piece body) {
        if (alone() || pieces < 2) {
            for (int piece = 0; piece < pieces; piece++) body.run(piece);
            return;
        }
        Rows rows = (from, to) -> {
            for (int piece = from; piece < to; piece++) body.run(piece);
        };
        share(new Job(rows, pieces, pieces));
    }

    /// As [#each], of pieces that have nothing in common.
    public void all(List<Runnable> pieces) {
        each(pieces.size(), piece -> pieces.get(piece).run());
    }

    /// Also within a piece, where all threads have something to do already.
    private boolean alone() {
        return helpers.isEmpty() || current != null;
    }

    private void share(Job job) {
        current = job;
        helpers.forEach(Helper::wake);
        try {
            job.work();
            job.await();
        } finally {
            current = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        helpers.forEach(Helper::wake);
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
        private volatile boolean asleep;

        Helper() {
            super("rows");
            setDaemon(true);
        }

        void wake() {
            if (asleep) LockSupport.unpark(this);
        }

        @Override
        public void run() {
            Job last = null;
            int spins = 0;
            while (!closed) {
                Job job = current;
                if (job != null && job != last) {
                    job.work();
                    last = job;
                    spins = 0;
                } else if (spins++ < IDLE_SPINS) {
                    Thread.onSpinWait();
                } else {
                    sleep(job);
                    spins = 0;
                }
            }
        }

        /// Until woken, unless there is something new by now.
        private void sleep(@Nullable Job seen) {
            asleep = true;
            if (current == seen && !closed) LockSupport.park(RowPool.this);
            asleep = false;
        }
    }
}
