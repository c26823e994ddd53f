package io.adaptermill.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Where a record lies in the log, and the time its topic gave it.
public record RecordPlace(String topic, int partition, long offset, long timestampMillis) {
    public static RecordPlace of(ConsumerRecord<?, ?> record) {
        return new RecordPlace(record.topic(), record.partition(), record.offset(), record.timestamp());
    }
}
