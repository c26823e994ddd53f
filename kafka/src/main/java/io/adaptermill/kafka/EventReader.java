package io.adaptermill.kafka;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Reads one record, from the outside in: key, attributes, data. The first part at fault ends it.
final class EventReader<E extends Event> {
    private final Topic<E> topic;
    private final RecordPlace place;
    private final Headers headers;
    private Optional<TenantId> tenant = Optional.empty();
    private Optional<EventId> id = Optional.empty();

    EventReader(Topic<E> topic, RecordPlace place, Headers headers) {
        this.topic = topic;
        this.place = place;
        this.headers = headers;
    }

    EventRead<E> read(byte @Nullable [] key, byte @Nullable [] value) {
        try {
            TenantId readTenant = tenant(key);
            tenant = Optional.of(readTenant);
            if (value == null) {
                return removed(readTenant);
            }
            return new EventRead.Readable<>(envelope(readTenant, attributes(value)));
        } catch (ContractViolation violation) {
            return new EventRead.Unreadable<>(violation, tenant, id);
        }
    }

    private TenantId tenant(byte @Nullable [] key) {
        String text = Utf8.text(key).orElseThrow(() -> violation("key", "must be the tenant in UTF-8"));
        return checked("key", () -> new TenantId(text));
    }

    private EventRead<E> removed(TenantId removed) {
        if (topic.compacted()) {
            return new EventRead.Removed<>(removed);
        }
        throw violation("data", "must not be empty: this topic keeps what happened");
    }

    private CloudEvent attributes(byte[] value) {
        String contentType = header(CloudEventHeaders.CONTENT_TYPE).orElse(CloudEventHeaders.JSON);
        if (contentType.startsWith(CloudEventHeaders.STRUCTURED_JSON)) {
            return CloudEvent.structured(value, this::violation);
        }
        if (!contentType.startsWith(CloudEventHeaders.JSON)) {
            throw violation(CloudEventHeaders.CONTENT_TYPE, "must be " + CloudEventHeaders.JSON);
        }
        return new CloudEvent(name -> header(CloudEventHeaders.PREFIX + name), CloudEventHeaders.PREFIX, value);
    }

    private Envelope<E> envelope(TenantId readTenant, CloudEvent event) {
        EventId readId = checked(event.field("id"), () -> new EventId(required(event, "id")));
        id = Optional.of(readId);
        mustBe(event, "specversion", "1.0");
        mustBe(event, "type", topic.eventType());
        String source = required(event, "source");
        event.attribute("partitionkey").ifPresent(_ -> mustBe(event, "partitionkey", readTenant.value()));
        return new Envelope<>(readTenant, readId, source, time(event), data(event.data()));
    }

    private void mustBe(CloudEvent event, String name, String expected) {
        if (!required(event, name).equals(expected)) {
            throw violation(event.field(name), "must be " + expected);
        }
    }

    private String required(CloudEvent event, String name) {
        return event.attribute(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> violation(event.field(name), "must be set"));
    }

    private Instant time(CloudEvent event) {
        Optional<String> time = event.attribute("time");
        if (time.isEmpty()) {
            return Instant.ofEpochMilli(Math.max(0, place.timestampMillis()));
        }
        try {
            return OffsetDateTime.parse(time.get()).toInstant();
        } catch (DateTimeException e) {
            throw violation(event.field("time"), "must be an RFC 3339 time such as 2026-01-31T12:00:00Z");
        }
    }

    private E data(byte[] json) {
        if (Utf8.text(json).isEmpty()) {
            throw violation("data", "must be UTF-8");
        }
        try {
            return EventJson.read(json, topic.eventClass());
        } catch (UncheckedIOException e) {
            JsonFault fault = JsonFault.of(e.getCause());
            throw violation(fault.field(), fault.rule());
        }
    }

    /// An absent header and one that is not UTF-8 are the same: not readable.
    private Optional<String> header(String name) {
        @Nullable Header header = headers.lastHeader(name);
        return header == null ? Optional.empty() : Utf8.text(header.value());
    }

    private <T> T checked(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw violation(field, e.getMessage());
        }
    }

    private ContractViolation violation(String field, @Nullable String rule) {
        return new ContractViolation(
                place.topic(), place.partition(), place.offset(), field, rule == null ? "is not readable" : rule);
    }
}
