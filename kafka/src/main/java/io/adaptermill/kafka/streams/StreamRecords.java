package io.adaptermill.kafka.streams;

import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/// Events as records of a Streams processor whose sources and sinks are bytes.
public final class StreamRecords {
    private StreamRecords() {}

    /// @param metadata the processor context's, for the record that it was just given
    public static <E extends Event> EventRead<E> read(
            Topic<E> topic, Record<byte[], byte[]> record, RecordMetadata metadata) {
        return EventRecords.read(topic, place(record, metadata), record.key(), record.headers(), record.value());
    }

    public static RecordPlace place(Record<?, ?> record, RecordMetadata metadata) {
        return new RecordPlace(metadata.topic(), metadata.partition(), metadata.offset(), record.timestamp());
    }

    public static <E extends Event> Record<byte[], byte[]> write(Topic<E> topic, Envelope<E> envelope) {
        return record(EventRecords.toRecord(topic, envelope), envelope.time().toEpochMilli());
    }

    public static Record<byte[], byte[]> deadLetter(Record<byte[], byte[]> record, ContractViolation cause) {
        return record(DeadLetters.toRecord(record.key(), record.headers(), record.value(), cause), record.timestamp());
    }

    private static Record<byte[], byte[]> record(ProducerRecord<byte[], byte[]> record, long timestampMillis) {
        return new Record<>(record.key(), record.value(), Math.max(0, timestampMillis), record.headers());
    }
}
