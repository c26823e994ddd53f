package io.adaptermill.trainer;

import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.Retries;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.kafka.group.ExactlyOnceLoop;
import io.adaptermill.kafka.group.Transactions;
import io.adaptermill.trainer.training.Training;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the closed batches of many tenants in a poll, trains them one after another outside any transaction, and gives
/// each its one result in a short one.
@ApplicationScoped
public class TrainerLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(TrainerLoop.class);

    /// A step of the largest batch takes seconds, not more.
    private static final long DRAIN_SECONDS_MAX = 20;

    private final Training training;
    private final TrainerWorker worker;
    private final Transactions transactions;
    private final ExactlyOnceLoop loop;
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile Optional<Throwable> failure = Optional.empty();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("training").factory());

    /// Progress that nobody takes in time is dropped: it must never stop a training.
    public TrainerLoop(
            TrainerConfig config,
            Training training,
            MeterRegistry registry,
            @Identifier(TrainerBeans.CLAIMS) ChannelClaims claims,
            @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) MutinyEmitter<byte[]> progress) {
        Clock clock = Clock.systemUTC();
        this.training = training;
        this.worker = new TrainerWorker(
                training,
                new ProgressEvents(progress, config.trainer().name(), clock),
                new TrainerMetrics(registry),
                clock);
        this.transactions = new Transactions(
                config.kafka(), "adaptermill-trainer-" + config.trainer().name());
        this.loop = new ExactlyOnceLoop(claims, transactions, this::failIfDraining);
    }

    /// What an older process of this name left open would keep readers waiting until it times out.
    void start(@Observes StartupEvent event) {
        thread.execute(() -> Retries.whileUnavailable(this::failIfDraining, () -> {
            transactions.open();
            return true;
        }));
    }

    @Incoming(TrainerBeans.BATCHES)
    public Uni<Void> learn(ConsumerRecords<byte[], byte[]> polled) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(thread)
                .invoke(() -> loop.handle(polled, worker::work))
                .onFailure(TrainerLoop::isDraining)
                .recoverWithNull()
                .onFailure()
                .invoke(this::failed);
    }

    /// Why this worker can no longer go on, if so: then only a restart helps.
    public Optional<Throwable> failure() {
        return failure;
    }

    /// Native code must be at rest before the process ends, so this waits for the training thread.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        draining.set(true);
        thread.shutdown();
        if (thread.awaitTermination(DRAIN_SECONDS_MAX, TimeUnit.SECONDS)) {
            transactions.close();
            training.close();
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
        LOGGER.atError().setCause(thrown).log("trainer stopped; restart the service");
    }
}
