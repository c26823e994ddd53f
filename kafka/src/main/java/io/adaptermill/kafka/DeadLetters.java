package io.adaptermill.kafka;

import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Records that no reader understood, kept as they came: key, value and headers, with the cause in headers beside.
public final class DeadLetters {
    public static final String TOPIC = "dead-letter-topic";
    public static final String PARTITION = "dead-letter-partition";
    public static final String OFFSET = "dead-letter-offset";
    public static final String FIELD = "dead-letter-field";
    public static final String REASON = "dead-letter-reason";

    private DeadLetters() {}

    public static ProducerRecord<byte[], byte[]> toRecord(
            ConsumerRecord<byte[], byte[]> record, ContractViolation cause) {
        return toRecord(record.key(), record.headers(), record.value(), cause);
    }

    public static ProducerRecord<byte[], byte[]> toRecord(
            byte @Nullable [] key, Headers headers, byte @Nullable [] value, ContractViolation cause) {
        Headers with = new RecordHeaders(headers);
        addCause(with, cause);
        return new ProducerRecord<>(Topics.DEAD_LETTERS, null, key, value, with);
    }

    /// For Streams, where the record goes to a sink with its headers.
    public static void addCause(Headers headers, ContractViolation cause) {
        put(headers, TOPIC, cause.topic());
        put(headers, PARTITION, Integer.toString(cause.partition()));
        put(headers, OFFSET, Long.toString(cause.offset()));
        put(headers, FIELD, cause.field());
        put(headers, REASON, cause.field() + " " + cause.rule());
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, Utf8.bytes(value));
    }
}
