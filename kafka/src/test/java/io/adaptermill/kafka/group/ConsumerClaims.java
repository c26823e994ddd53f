package io.adaptermill.kafka.group;

import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// The claims of a plain consumer that is polled by the thread that asks.
record ConsumerClaims(Consumer<byte[], byte[]> consumer) implements Claims {
    @Override
    public Claim of(TopicPartition partition) {
        if (!isHeld(partition)) return new Claim.Lost();
        OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
        return new Claim.Held(committed == null ? 0 : committed.offset(), consumer.groupMetadata());
    }

    @Override
    public boolean isHeld(TopicPartition partition) {
        return consumer.assignment().contains(partition);
    }
}
