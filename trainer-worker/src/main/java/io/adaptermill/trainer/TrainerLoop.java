package io.adaptermill.trainer;

import io.adaptermill.trainer.training.Training;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.transactions.KafkaTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Takes closed batches one by one, trains each outside any transaction, then publishes its result and commits its
/// offset
/// in one short one.
@ApplicationScoped
public class TrainerLoop {
    /// A step of the largest batch takes seconds, not more.
    private static final long DRAIN_SECONDS_MAX = 20;

    private final Training training;
    private final TrainerWorker worker;
    private final KafkaTransactions<byte[]> results;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("training").factory());

    public TrainerLoop(
            TrainerConfig config,
            Training training,
            MeterRegistry registry,
            @Channel("results") KafkaTransactions<byte[]> results,
            @Channel("progress") MutinyEmitter<byte[]> progress) {
        Clock clock = Clock.systemUTC();
        this.training = training;
        this.results = results;
        this.worker = new TrainerWorker(
                training,
                new ProgressEvents(progress, config.trainer().name(), clock),
                new TrainerMetrics(registry),
                clock);
    }

    @Incoming("batches")
    public Uni<Void> learn(KafkaRecord<byte[], byte[]> message) {
        return Uni.createFrom()
                .item(() -> worker.work(consumed(message)))
                .runSubscriptionOn(thread)
                .chain(result -> results.withTransaction(message, emitter -> {
                    emitter.send(ProgressEvents.message(result));
                    return Uni.createFrom().voidItem();
                }));
    }

    /// Native code must be at rest before the process ends, so this waits for the training thread.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        worker.drain();
        thread.shutdown();
        if (thread.awaitTermination(DRAIN_SECONDS_MAX, TimeUnit.SECONDS)) training.close();
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<byte[], byte[]> consumed(KafkaRecord<byte[], byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .orElseThrow()
                .getRecord();
    }
}
