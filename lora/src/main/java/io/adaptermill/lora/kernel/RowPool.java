package io.adaptermill.lora.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A few threads that share the rows of a kernel. Rows are independent, so their number never changes a result.
///
/// Owned by one thread, which works along and spins for the others: a kernel takes microseconds, a wake-up as many.
/// Idle threads sleep. Closing ends them.
public final class RowPool implements AutoCloseable {
    /// Numbers below which handing over costs more than it gives.
    private static final long WORK_MIN = 60_000;
    /// About as long as a kernel takes.
    private static final int SPINS_MAX = 20_000;

    private final List<Worker> workers = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();

    /// @param threads all threads that take part, the caller included
    public RowPool(int threads) {
        if (threads < 1) throw new IllegalArgumentException("threads must be at least 1, was " + threads);
        for (int i = 1; i < threads; i++) workers.add(new Worker());
        workers.forEach(Thread::start);
    }

    /// What a kernel does with rows `[from, to)`.
    @FunctionalInterface
    public interface Rows {
        void run(int from, int to);
    }

    /// @param width numbers touched in a row, to judge whether sharing pays
    public void run(int rows, long width, Rows body) {
        int shares = rows * width < WORK_MIN ? 1 : Math.min(rows, workers.size() + 1);
        if (shares == 1) {
            body.run(0, rows);
            return;
        }
        running.set(shares - 1);
        for (int i = 1; i < shares; i++) {
            workers.get(i - 1).start(body, share(rows, i, shares), share(rows, i + 1, shares));
        }
        try {
            body.run(0, share(rows, 1, shares));
        } finally {
            awaitOthers();
        }
        for (int i = 1; i < shares; i++) workers.get(i - 1).rethrow();
    }

    @Override
    public void close() {
        workers.forEach(Worker::end);
    }

    /// Gives the core away after a while, for where there are more threads than cores.
    private void awaitOthers() {
        for (int spins = 0; running.get() > 0; spins++) {
            if (spins < SPINS_MAX) Thread.onSpinWait();
            else Thread.yield();
        }
    }

    private static int share(int rows, int index, int shares) {
        return (int) ((long) rows * index / shares);
    }

    private final class Worker extends Thread {
        private final Semaphore work = new Semaphore(0);
        private @Nullable Rows body;
        private int from;
        private int to;
        private @Nullable Throwable failure;

        Worker() {
            super("rows");
            setDaemon(true);
        }

        void start(Rows rows, int first, int last) {
            body = rows;
            from = first;
            to = last;
            work.release();
        }

        void end() {
            body = null;
            work.release();
        }

        @Override
        public void run() {
            while (true) {
                work.acquireUninterruptibly();
                Rows rows = body;
                if (rows == null) return;
                try {
                    rows.run(from, to);
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    running.decrementAndGet();
                }
            }
        }

        void rethrow() {
            Throwable thrown = failure;
            failure = null;
            if (thrown instanceof Error error) throw error;
            if (thrown instanceof RuntimeException exception) throw exception;
        }
    }
}
