package io.adaptermill.evaluator;

import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.evaluator.evidence.TenantEvidence;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.transactions.KafkaTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/// Takes candidates one by one, judges each outside any transaction, then publishes the verdict and commits its offset
/// in
/// one short one.
@ApplicationScoped
public class EvaluatorLoop {
    /// Judging one candidate takes seconds, not more.
    private static final long DRAIN_SECONDS_MAX = 20;

    private final Scoring scoring;
    private final EvidenceFollower follower;
    private final EvaluatorWorker worker;
    private final KafkaTransactions<byte[]> verdicts;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("judging").factory());

    public EvaluatorLoop(
            EvaluatorConfig config,
            Scoring scoring,
            MeterRegistry registry,
            @Channel("verdicts") KafkaTransactions<byte[]> verdicts) {
        TenantEvidence evidence = new TenantEvidence();
        this.scoring = scoring;
        this.verdicts = verdicts;
        this.follower = new EvidenceFollower(evidence, config.kafka());
        this.worker =
                new EvaluatorWorker(evidence, follower, scoring, new EvaluatorMetrics(registry), Clock.systemUTC());
    }

    @Incoming("candidates")
    public Uni<Void> judge(KafkaRecord<byte[], byte[]> message) {
        return Uni.createFrom()
                .item(() -> worker.work(consumed(message)))
                .runSubscriptionOn(thread)
                .chain(verdict -> verdicts.withTransaction(message, emitter -> {
                    emitter.send(outgoing(verdict));
                    return Uni.createFrom().voidItem();
                }));
    }

    public boolean isCaughtUp() {
        return follower.isCaughtUp();
    }

    public Optional<Throwable> failure() {
        return follower.failure();
    }

    /// Native code must be at rest before the process ends, so this waits for the judging thread.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        worker.drain();
        follower.close();
        thread.shutdown();
        if (thread.awaitTermination(DRAIN_SECONDS_MAX, TimeUnit.SECONDS)) scoring.close();
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<byte[], byte[]> consumed(KafkaRecord<byte[], byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .orElseThrow()
                .getRecord();
    }

    private static Message<byte[]> outgoing(ProducerRecord<byte[], byte[]> record) {
        return Message.of(
                record.value(),
                Metadata.of(OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withTopic(record.topic())
                        .withKey(record.key())
                        .withHeaders(record.headers())
                        .build()));
    }
}
