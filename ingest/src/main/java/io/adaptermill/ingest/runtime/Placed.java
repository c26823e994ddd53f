package io.adaptermill.ingest.runtime;

import io.adaptermill.kafka.RecordPlace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Where a record of a product lay, carried through the topic that brings it to its tenant's partition.
final class Placed {
    private static final String TOPIC = "origin-topic";
    private static final String PARTITION = "origin-partition";
    private static final String OFFSET = "origin-offset";
    private static final String BYTES = "origin-bytes";

    private Placed() {}

    static void write(Headers headers, RecordPlace place, int bytes) {
        strip(headers);
        headers.add(TOPIC, place.topic().getBytes(StandardCharsets.UTF_8));
        headers.add(
                PARTITION,
                ByteBuffer.allocate(Integer.BYTES).putInt(place.partition()).array());
        headers.add(
                OFFSET, ByteBuffer.allocate(Long.BYTES).putLong(place.offset()).array());
        headers.add(BYTES, ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
    }

    static RecordPlace read(Headers headers, long timestamp) {
        @Nullable Header topic = headers.lastHeader(TOPIC);
        @Nullable Header partition = headers.lastHeader(PARTITION);
        @Nullable Header offset = headers.lastHeader(OFFSET);
        if (topic == null || partition == null || offset == null) {
            throw new IllegalStateException("a product's record must say where it came from: ProductEntry writes it");
        }
        return new RecordPlace(
                new String(topic.value(), StandardCharsets.UTF_8),
                ByteBuffer.wrap(partition.value()).getInt(),
                ByteBuffer.wrap(offset.value()).getLong(),
                timestamp);
    }

    /// How large its data was when it came.
    static int bytes(Headers headers) {
        @Nullable Header bytes = headers.lastHeader(BYTES);
        return bytes == null ? 0 : ByteBuffer.wrap(bytes.value()).getInt();
    }

    static void strip(Headers headers) {
        headers.remove(TOPIC);
        headers.remove(PARTITION);
        headers.remove(OFFSET);
        headers.remove(BYTES);
    }

    static RecordPlace of(ProcessorContext<?, ?> context, Record<?, ?> record) {
        return context.recordMetadata()
                .map(data -> new RecordPlace(data.topic(), data.partition(), data.offset(), record.timestamp()))
                .orElseThrow(() -> new IllegalStateException("a record from a topic must know its place"));
    }
}
