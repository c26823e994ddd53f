package io.adaptermill.kafka;

import io.adaptermill.schemas.EventJson;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Records as JSON in a Streams store and its changelog, by the same rules as events.
public final class JsonSerde<T> implements Serde<T> {
    private final Class<T> type;

    private JsonSerde(Class<T> type) {
        this.type = type;
    }

    public static <T> JsonSerde<T> of(Class<T> type) {
        return new JsonSerde<>(type);
    }

    @Override
    public Serializer<T> serializer() {
        return (_, value) -> bytes(value);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (_, bytes) -> value(bytes);
    }

    // Kafka hands null through serdes for removed entries.
    @SuppressWarnings("NullAway")
    private static byte[] bytes(@Nullable Object value) {
        return value == null ? null : EventJson.write(value);
    }

    @SuppressWarnings("NullAway")
    private T value(byte @Nullable [] bytes) {
        return bytes == null ? null : EventJson.read(bytes, type);
    }
}
