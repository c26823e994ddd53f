package io.adaptermill.evaluator;

import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.evaluator.evidence.TenantEvidence;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.kafka.group.ChannelWorker;
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
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Takes the candidates of many tenants in a poll, judges them one after another outside any transaction, and gives
/// each its one verdict in a short one.
@ApplicationScoped
public class EvaluatorLoop {
    private final Scoring scoring;
    private final EvidenceFollower follower;
    private final VerdictHistory history;
    private final EvaluatorWorker evaluator;
    private final ChannelWorker worker;

    public EvaluatorLoop(
            EvaluatorConfig config,
            Scoring scoring,
            MeterRegistry registry,
            @Identifier(EvaluatorBeans.CLAIMS) ChannelClaims claims) {
        TenantEvidence evidence = new TenantEvidence();
        String name = config.evaluator().name();
        this.scoring = scoring;
        this.follower = new EvidenceFollower(evidence, config.kafka(), config.sealKey());
        this.history = new VerdictHistory(config.kafka());
        this.evaluator = new EvaluatorWorker(
                evidence, follower, history, scoring, new EvaluatorMetrics(registry), Clock.systemUTC());
        this.worker =
                new ChannelWorker("judging", claims, new Transactions(config.kafka(), "adaptermill-evaluator-" + name));
    }

    void start(@Observes StartupEvent event) {
        worker.start();
    }

    @Incoming(EvaluatorBeans.CANDIDATES)
    public Uni<Void> judge(ConsumerRecords<byte[], byte[]> polled) {
        return worker.handle(polled, evaluator::work);
    }

    public boolean isCaughtUp() {
        return follower.isCaughtUp();
    }

    /// Why this evaluator can no longer go on, if so: then only a restart helps.
    public Optional<Throwable> failure() {
        return worker.failure().or(follower::failure);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        follower.close();
        worker.stop(() -> {
            history.close();
            scoring.close();
        });
    }
}
