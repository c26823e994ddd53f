package io.adaptermill.trainer;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.TrainingProgressed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.time.Clock;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/// Tells eyes and dashboards of each step; nothing waits for it and nothing decides by it.
final class ProgressEvents {
    private static final String SOURCE = "/adaptermill/trainer-worker";

    private final MutinyEmitter<byte[]> emitter;
    private final String worker;
    private final Clock clock;

    ProgressEvents(MutinyEmitter<byte[]> emitter, String worker, Clock clock) {
        this.emitter = emitter;
        this.worker = worker;
        this.clock = clock;
    }

    void publish(TenantId tenant, BatchId batch, int step, int stepsTotal, double lossNats) {
        // The same step is told again after a crash, so the worker's word for it has a number of its own.
        EventId id = EventId.named(batch + "/step/" + step + "/" + worker + "/" + clock.millis());
        TrainingProgressed event = new TrainingProgressed(batch, step, stepsTotal, lossNats, worker);
        emitter.sendMessageAndForget(message(EventRecords.toRecord(
                Topics.TRAINING_PROGRESSED, new Envelope<>(tenant, id, SOURCE, clock.instant(), event))));
    }

    /// How SmallRye wants a record of ours.
    private static Message<byte[]> message(ProducerRecord<byte[], byte[]> record) {
        return Message.of(
                record.value(),
                Metadata.of(OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withTopic(record.topic())
                        .withKey(record.key())
                        .withHeaders(record.headers())
                        .build()));
    }
}
