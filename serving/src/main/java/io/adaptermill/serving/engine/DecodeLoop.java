package io.adaptermill.serving.engine;

import io.adaptermill.serving.schedule.FairQueue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that brings all running answers one token further, again and again.
///
/// Requests join and leave between two steps (continuous batching), whatever their tenant and version, so a long answer
/// never keeps a short one waiting. An answer that fails takes no other with it; an engine that fails as a whole fails
/// the answers of that step, and the loop goes on.
public final class DecodeLoop implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DecodeLoop.class);

    private final Engine engine;
    private final int batchMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FairQueue<String, Ticket> queue;
    /// Owned by the decode thread.
    private final List<Running> batch = new ArrayList<>();

    /// Started, and waiting until the others leave it enough memory; nobody overtakes it. Owned by the decode thread.
    private Optional<Running> deferred = Optional.empty();

    private final Thread thread;
    private volatile int runningCount;
    private boolean closing;

    /// @param batchMax answers in the making at once
    public DecodeLoop(Engine engine, int batchMax, int queueMax, int queueMaxPerTenant) {
        if (batchMax < 1) throw new IllegalArgumentException("batchMax must be at least 1, was " + batchMax);
        this.engine = engine;
        this.batchMax = batchMax;
        this.queue = new FairQueue<>(queueMax, queueMaxPerTenant);
        this.thread = Thread.ofPlatform().name("decode").start(this::run);
    }

    private record Running(Ticket ticket, Engine.Decoding decoding) {}

    /// @throws EngineBusy if there is no room; the weights stay the caller's then
    public void submit(Ticket ticket) {
        lock.lock();
        try {
            if (closing) throw new EngineBusy("this replica is shutting down; ask another one");
            if (!queue.offer(ticket.owner(), ticket)) {
                throw new EngineBusy(queue.size() + " requests are waiting, which is all there is room for");
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    public int running() {
        return runningCount;
    }

    /// Takes no more requests, finishes those it has, and returns when the engine is at rest.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void run() {
        while (awaitWork()) {
            step();
            dropCancelled();
            finish();
            runningCount = batch.size();
        }
    }

    /// @return false once closed and at rest
    private boolean awaitWork() {
        lock.lock();
        try {
            while (batch.isEmpty() && deferred.isEmpty() && queue.size() == 0) {
                if (closing) return false;
                changed.awaitUninterruptibly();
            }
            queue.removeIf(this::isAbandoned);
        } finally {
            lock.unlock();
        }
        deferred = deferred.filter(entry -> !isAbandoned(entry.ticket()));
        admit();
        runningCount = batch.size();
        return true;
    }

    private void admit() {
        while (batch.size() < batchMax) {
            if (deferred.isEmpty()) deferred = nextTicket().flatMap(this::started);
            if (deferred.isEmpty() || !fits(deferred.get().decoding())) return;
            batch.add(deferred.get());
            deferred = Optional.empty();
        }
    }

    private Optional<Ticket> nextTicket() {
        lock.lock();
        try {
            return queue.poll(owner -> (int) batch.stream()
                    .filter(entry -> entry.ticket().owner().equals(owner))
                    .count());
        } finally {
            lock.unlock();
        }
    }

    /// An answer alone always fits: it is within the context, which the operator chose.
    private boolean fits(Engine.Decoding decoding) {
        long taken =
                batch.stream().mapToLong(entry -> entry.decoding().positions()).sum();
        return batch.isEmpty() || taken + decoding.positions() <= engine.positionsMax();
    }

    private Optional<Running> started(Ticket ticket) {
        try {
            return Optional.of(new Running(ticket, engine.start(ticket.request(), ticket.weights(), ticket::text)));
        } catch (RuntimeException e) {
            ticket.failed(e);
            return Optional.empty();
        }
    }

    private boolean isAbandoned(Ticket ticket) {
        // Read once: a caller that leaves between two looks would be dropped without giving its weights back.
        boolean abandoned = ticket.isCancelled();
        if (abandoned) ticket.failed(new EngineBusy("the caller went away"));
        return abandoned;
    }

    private void step() {
        if (batch.isEmpty()) return;
        try {
            engine.step(batch.stream().map(Running::decoding).toList());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOGGER.atError().addKeyValue("error", e).setCause(e).log("engine failed; its running answers are lost");
            RuntimeException cause = e instanceof RuntimeException known ? known : new IllegalStateException(e);
            batch.forEach(entry -> entry.ticket().failed(cause));
            batch.clear();
        }
    }

    private void dropCancelled() {
        batch.removeIf(entry -> isAbandoned(entry.ticket()));
    }

    private void finish() {
        for (Iterator<Running> entries = batch.iterator(); entries.hasNext(); ) {
            Running entry = entries.next();
            if (!entry.decoding().isFinished()) continue;
            entries.remove();
            entry.ticket().done(entry.decoding().result());
        }
    }
}
