package io.adaptermill.evaluator;

import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.evaluator.evidence.TenantEvidence;
import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.Retries;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.kafka.group.ExactlyOnceLoop;
import io.adaptermill.kafka.group.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
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
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the candidates of many tenants in a poll, judges them one after another outside any transaction, and gives
/// each its one verdict in a short one.
@ApplicationScoped
public class EvaluatorLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(EvaluatorLoop.class);

    /// Judging one candidate takes seconds, not more.
    private static final long DRAIN_SECONDS_MAX = 20;

    private final Scoring scoring;
    private final EvidenceFollower follower;
    private final EvaluatorWorker worker;
    private final Transactions transactions;
    private final ExactlyOnceLoop loop;
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile Optional<Throwable> failure = Optional.empty();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("judging").factory());

    public EvaluatorLoop(
            EvaluatorConfig config,
            Scoring scoring,
            MeterRegistry registry,
            @Identifier(EvaluatorBeans.CLAIMS) ChannelClaims claims) {
        TenantEvidence evidence = new TenantEvidence();
        this.scoring = scoring;
        this.follower = new EvidenceFollower(evidence, config.kafka());
        this.worker =
                new EvaluatorWorker(evidence, follower, scoring, new EvaluatorMetrics(registry), Clock.systemUTC());
        this.transactions = new Transactions(
                config.kafka(), "adaptermill-evaluator-" + config.evaluator().name());
        this.loop = new ExactlyOnceLoop(claims, transactions, this::failIfDraining);
    }

    /// What an older process of this name left open would keep readers waiting until it times out.
    void start(@Observes StartupEvent event) {
        thread.execute(() -> Retries.whileUnavailable(this::failIfDraining, () -> {
            transactions.open();
            return true;
        }));
    }

    @Incoming(EvaluatorBeans.CANDIDATES)
    public Uni<Void> judge(ConsumerRecords<byte[], byte[]> polled) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(thread)
                .invoke(() -> loop.handle(polled, worker::work))
                .onFailure(EvaluatorLoop::isDraining)
                .recoverWithNull()
                .onFailure()
                .invoke(this::failed);
    }

    public boolean isCaughtUp() {
        return follower.isCaughtUp();
    }

    /// Why this evaluator can no longer go on, if so: then only a restart helps.
    public Optional<Throwable> failure() {
        return failure.or(follower::failure);
    }

    /// Native code must be at rest before the process ends, so this waits for the judging thread.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        draining.set(true);
        follower.close();
        thread.shutdown();
        if (thread.awaitTermination(DRAIN_SECONDS_MAX, TimeUnit.SECONDS)) {
            transactions.close();
            scoring.close();
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
        LOGGER.atError().setCause(thrown).log("evaluator stopped; restart the service");
    }
}
