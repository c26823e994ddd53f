package io.adaptermill.kafka;

import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.event.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/// CloudEvents 1.0 attributes as Kafka headers (binary mode).
final class CloudEventHeaders {
    static final String PREFIX = "ce_";
    static final String SPEC_VERSION = "ce_specversion";
    static final String ID = "ce_id";
    static final String SOURCE = "ce_source";
    static final String TYPE = "ce_type";
    static final String TIME = "ce_time";
    static final String SUBJECT = "ce_subject";
    static final String PARTITION_KEY = "ce_partitionkey";
    static final String CONTENT_TYPE = "content-type";
    static final String JSON = "application/json";
    static final String STRUCTURED_JSON = "application/cloudevents+json";

    private CloudEventHeaders() {}

    /// Replaces whatever attributes an earlier event left on the headers, which Streams hands from record to record.
    static void write(Topic<?> topic, Envelope<?> envelope, Headers headers) {
        strip(headers);
        attributes(topic, envelope).forEach((name, value) -> headers.add(name, Utf8.bytes(value)));
    }

    private static Map<String, String> attributes(Topic<?> topic, Envelope<?> envelope) {
        return Map.of(
                SPEC_VERSION, "1.0",
                ID, envelope.id().value(),
                SOURCE, envelope.source(),
                TYPE, topic.eventType(),
                TIME, envelope.time().toString(),
                SUBJECT, EventIds.subject(envelope),
                PARTITION_KEY, envelope.tenant().value(),
                CONTENT_TYPE, JSON);
    }

    private static void strip(Headers headers) {
        List<String> ours = new ArrayList<>();
        for (Header header : headers) {
            if (header.key().startsWith(PREFIX) || header.key().equals(CONTENT_TYPE)) ours.add(header.key());
        }
        ours.forEach(headers::remove);
    }
}
