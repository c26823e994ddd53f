package io.adaptermill.kafka;

import io.adaptermill.schemas.id.TenantId;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The tenant as a record's key and as a store's key.
public final class TenantSerde implements Serde<TenantId> {
    @Override
    public Serializer<TenantId> serializer() {
        return (_, tenant) -> EventRecords.key(tenant);
    }

    @Override
    public Deserializer<TenantId> deserializer() {
        StringDeserializer text = new StringDeserializer();
        return (topic, bytes) -> new TenantId(text.deserialize(topic, bytes));
    }
}
