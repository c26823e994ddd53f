package io.adaptermill.kafka;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;

/// Writes an envelope's data as the value and its attributes as headers, for Streams sinks and SmallRye channels; the
/// key stays the caller's duty ([TenantSerde]).
public final class EventSerializer<E extends Event> implements Serializer<Envelope<E>> {
    private final Topic<E> topic;

    public EventSerializer(Topic<E> topic) {
        this.topic = topic;
    }

    @Override
    public byte[] serialize(String name, Headers headers, Envelope<E> envelope) {
        CloudEventHeaders.write(topic, envelope, headers);
        return EventJson.write(envelope.event());
    }

    @Override
    public byte[] serialize(String name, Envelope<E> envelope) {
        throw new IllegalStateException("an event needs headers: call serialize(topic, headers, envelope)");
    }
}
