package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.screen.TextSize;
import io.adaptermill.kafka.KafkaClients;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// How large a stranger's record may be before it is cut: each is written again, with more headers than it came with.
final class RecordLimits {
    /// The largest text there may be, each character spelled as JSON's longest escape, and room for the field names.
    static final int FEEDBACK_BYTES_MAX = 8 * TextSize.BYTES_MAX;

    private static final int HEADER_BYTES_MAX = 64 * 1024;
    private static final int ATTRIBUTE_BYTES_MAX = 1024;
    private static final int DEAD_LETTER_BYTES_MAX = KafkaClients.RECORD_BYTES_MAX - 4 * HEADER_BYTES_MAX;

    private static final List<String> ATTRIBUTES = List.of(
            "ce_specversion",
            "ce_id",
            "ce_source",
            "ce_type",
            "ce_time",
            "ce_subject",
            "ce_partitionkey",
            "content-type");

    private RecordLimits() {}

    /// All headers, or where they are too many or too long the attributes of the event alone.
    static Headers bounded(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += header.key().length() * 3L + (header.value() == null ? 0 : header.value().length);
        }
        return bytes <= HEADER_BYTES_MAX ? new RecordHeaders(headers) : attributes(headers);
    }

    private static Headers attributes(Headers headers) {
        Headers kept = new RecordHeaders();
        for (String name : ATTRIBUTES) {
            @Nullable Header header = headers.lastHeader(name);
            if (header != null && header.value() != null && header.value().length <= ATTRIBUTE_BYTES_MAX) {
                kept.add(header);
            }
        }
        return kept;
    }

    /// The beginning of what no record could hold together with the cause.
    static byte @Nullable [] deadLetter(byte @Nullable [] value) {
        return value == null || value.length <= DEAD_LETTER_BYTES_MAX
                ? value
                : Arrays.copyOf(value, DEAD_LETTER_BYTES_MAX);
    }
}
