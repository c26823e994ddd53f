package io.adaptermill.kafka.group;

import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.Retries;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works off a channel's polls on one thread of its own, and comes to rest when the process ends.
///
/// Work may take long, so it must not be done on the thread that polls.
public final class ChannelWorker {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChannelWorker.class);

    /// What is being worked on ends at its next look at [Draining]: seconds, not more.
    private static final long DRAIN_SECONDS_MAX = 20;

    private final Transactions transactions;
    private final ExactlyOnceLoop loop;
    private final ExecutorService thread;
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile Optional<Throwable> failure = Optional.empty();

    /// @param name of the thread, in logs
    public ChannelWorker(String name, Claims claims, Transactions transactions) {
        this.transactions = transactions;
        this.loop = new ExactlyOnceLoop(claims, transactions, this::failIfDraining);
        this.thread =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).factory());
    }

    /// Fences an older process of the same name: what it left open would keep readers waiting until it times out.
    public void start() {
        thread.execute(() -> Retries.whileUnavailable(this::failIfDraining, () -> {
            transactions.open();
            return true;
        }));
    }

    /// Done when each record of the poll has its result, or when the worker stops.
    public Uni<Void> handle(ConsumerRecords<byte[], byte[]> polled, ExactlyOnceLoop.Work work) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(thread)
                .invoke(() -> loop.handle(polled, work))
                .onFailure(ChannelWorker::isDraining)
                .recoverWithNull()
                .onFailure()
                .invoke(this::failed);
    }

    /// Why this worker can no longer go on, if so: then only a restart helps.
    public Optional<Throwable> failure() {
        return failure;
    }

    /// Waits until the thread is at rest, then closes the transactions and what the work used.
    ///
    /// @param used closed only when nothing uses it any more: native code still running would crash the process
    public void stop(Runnable used) throws InterruptedException {
        draining.set(true);
        thread.shutdown();
        if (thread.awaitTermination(DRAIN_SECONDS_MAX, TimeUnit.SECONDS)) {
            transactions.close();
            used.run();
        }
    }

    private void failIfDraining() {
        if (draining.get()) throw new Draining();
    }

    private static boolean isDraining(Throwable thrown) {
        return thrown instanceof Draining || thrown instanceof RejectedExecutionException;
    }

    private void failed(Throwable thrown) {
        failure = Optional.of(thrown);
        LOGGER.atError().setCause(thrown).log("worker stopped; restart the service");
    }
}
