package io.adaptermill.ingest.runtime;

import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Notes each record's place before it is brought to its tenant's partition.
///
/// Producers in other languages choose partitions by other hashes, and records without a key lie anywhere;
/// the state of a tenant must lie in one place all the same.
///
/// What is far too large goes on without its data, as large as it was by a header: the next topic could not
/// take it, and the stream would stop.
public final class ProductEntry extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private static final byte[] NO_KEY = {};
    private static final byte[] NO_DATA = "{}".getBytes(StandardCharsets.UTF_8);
    private static final int KEY_BYTES_MAX = 256;

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordPlace place = Placed.of(context(), record);
        if (isTooLongToLearn(place, record.value())) return;
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        int bytes = value == null ? 0 : value.length;
        Headers headers = RecordLimits.bounded(record.headers());
        Placed.write(headers, place, bytes);
        context()
                .forward(new Record<>(
                        key == null || key.length > KEY_BYTES_MAX ? NO_KEY : key,
                        bytes > RecordLimits.FEEDBACK_BYTES_MAX ? NO_DATA : value,
                        record.timestamp(),
                        headers));
    }

    /// Nobody is told of an answer that nobody judges.
    private static boolean isTooLongToLearn(RecordPlace place, byte @Nullable [] value) {
        return place.topic().equals(Topics.INFERENCE_SERVED.name())
                && value != null
                && value.length > RecordLimits.FEEDBACK_BYTES_MAX;
    }
}
