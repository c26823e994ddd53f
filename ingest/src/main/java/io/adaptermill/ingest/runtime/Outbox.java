package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.screen.Refusal;
import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Everything the topology publishes. Ids follow from what happened, so that whoever sees it twice can tell.
final class Outbox {
    private static final String SOURCE = "/adaptermill/ingest";

    private final ProcessorContext<byte[], Outgoing> context;
    private final Sealing sealing;
    private final IngestMeter meter;

    Outbox(ProcessorContext<byte[], Outgoing> context, Sealing sealing, IngestMeter meter) {
        this.context = context;
        this.sealing = sealing;
        this.meter = meter;
    }

    void refuse(TenantId tenant, EventId event, Refusal refusal, int partition, long offset, Instant now) {
        FeedbackRefused refused = new FeedbackRefused(
                event, refusal.reason(), refusal.detail(), refusal.reason().nextStep(), partition, offset);
        EventId id = EventIds.of(event, "refused/" + partition + "-" + offset);
        publish(Topics.FEEDBACK_REFUSED, tenant, id, refused, now);
        meter.refused(refusal.reason());
    }

    void quarantine(TenantId tenant, FeedbackQuarantined quarantined, Instant now) {
        EventId id = EventIds.of(quarantined.event(), "quarantined");
        publishSealed(Topics.FEEDBACK_QUARANTINED, tenant, id, quarantined, now);
        meter.quarantined(quarantined.reason());
    }

    void answer(TenantId tenant, QuarantineAnswered answered, Instant now) {
        publish(Topics.QUARANTINE_ANSWERED, tenant, EventIds.of(answered.request(), "answered"), answered, now);
    }

    void holdOut(TenantId tenant, HoldoutAssigned assigned, Instant now) {
        publishSealed(Topics.HOLDOUT_ASSIGNED, tenant, EventIds.of(assigned.event(), "held-out"), assigned, now);
        meter.heldOut();
    }

    void close(BatchClosed closed, Instant now) {
        publishSealed(Topics.BATCH_CLOSED, closed.batch().tenant(), EventIds.of(closed.batch(), "closed"), closed, now);
        meter.closed(closed);
    }

    void erased(TenantId tenant, SubjectErased erased, Instant now) {
        publish(Topics.SUBJECT_ERASED, tenant, EventIds.of(erased.request(), "erased"), erased, now);
    }

    void deadLetter(Record<byte[], byte[]> record, ContractViolation cause) {
        Headers headers = RecordLimits.bounded(record.headers());
        Placed.strip(headers);
        DeadLetters.addCause(headers, cause);
        Outgoing letter = new Outgoing(Topics.DEAD_LETTERS, RecordLimits.deadLetter(record.value()));
        context.forward(new Record<>(record.key(), letter, record.timestamp(), headers));
        meter.deadLettered();
    }

    /// The record's place in a topic is lost on its way to the tenant's partition, so the cause is told anew.
    static ContractViolation at(RecordPlace place, String field, String rule) {
        return new ContractViolation(place.topic(), place.partition(), place.offset(), field, rule);
    }

    private <E extends Event> void publish(Topic<E> topic, TenantId tenant, EventId id, E event, Instant now) {
        ProducerRecord<byte[], byte[]> record =
                EventRecords.toRecord(topic, new Envelope<>(tenant, id, SOURCE, now, event));
        forward(record, record.value(), now);
    }

    /// For what is kept for ever and holds what people said.
    private <E extends Event> void publishSealed(Topic<E> topic, TenantId tenant, EventId id, E event, Instant now) {
        ProducerRecord<byte[], byte[]> record =
                EventRecords.toRecord(topic, new Envelope<>(tenant, id, SOURCE, now, event));
        forward(record, sealing.seal(tenant, record), now);
    }

    private void forward(ProducerRecord<byte[], byte[]> record, byte[] value, Instant now) {
        context.forward(
                new Record<>(record.key(), new Outgoing(record.topic(), value), now.toEpochMilli(), record.headers()));
    }
}
