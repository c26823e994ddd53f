package io.adaptermill.kafka;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.TenantId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Events as Kafka records and back: CloudEvents 1.0 in binary mode, JSON data, the tenant as key.
///
/// Reading also takes structured mode, and never throws: what is not an event comes back as
/// [EventRead.Unreadable] with the field at fault.
public final class EventRecords {
    private EventRecords() {}

    public static <E extends Event> ProducerRecord<byte[], byte[]> toRecord(Topic<E> topic, Envelope<E> envelope) {
        Headers headers = new RecordHeaders();
        CloudEventHeaders.write(topic, envelope, headers);
        long timestamp = Math.max(0, envelope.time().toEpochMilli());
        return new ProducerRecord<>(
                topic.name(), null, timestamp, key(envelope.tenant()), EventJson.write(envelope.event()), headers);
    }

    /// Takes a tenant out of a compacted topic.
    public static ProducerRecord<byte[], byte[]> toRemoval(Topic<?> topic, TenantId tenant) {
        if (!topic.compacted()) {
            throw new IllegalArgumentException(topic + " keeps what happened; only compacted topics have removals");
        }
        return new ProducerRecord<>(topic.name(), key(tenant), null);
    }

    public static <E extends Event> EventRead<E> read(Topic<E> topic, ConsumerRecord<byte[], byte[]> record) {
        return read(topic, RecordPlace.of(record), record.key(), record.headers(), record.value());
    }

    /// For Streams processors, whose records do not know their place.
    public static <E extends Event> EventRead<E> read(
            Topic<E> topic, RecordPlace place, byte @Nullable [] key, Headers headers, byte @Nullable [] value) {
        return new EventReader<>(topic, place, headers).read(key, value);
    }

    /// The key that puts all of a tenant's records on one partition.
    public static byte[] key(TenantId tenant) {
        return Utf8.bytes(tenant.value());
    }
}
