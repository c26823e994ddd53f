package io.adaptermill.kafka.group;

import io.adaptermill.schemas.error.Unavailable;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// The claims of a SmallRye channel's consumer: asked on its polling thread, and told of each rebalance.
///
/// To be the channel's `consumer-rebalance-listener.name`. Use a cooperative assignor: an eager one takes all
/// partitions away at each rebalance, and work on them would be given up in vain.
public final class ChannelClaims implements Claims, KafkaConsumerRebalanceListener {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofMillis(300);

    private final KafkaClientService clients;
    private final String channel;
    private final Set<TopicPartition> held = ConcurrentHashMap.newKeySet();
    private volatile boolean joined;

    public ChannelClaims(KafkaClientService clients, String channel) {
        this.clients = clients;
        this.channel = channel;
    }

    /// Whether the group has given this member its share, be it none.
    public boolean isJoined() {
        return joined;
    }

    @Override
    public boolean isHeld(TopicPartition partition) {
        return held.contains(partition);
    }

    @Override
    public Claim of(TopicPartition partition) {
        try {
            return clients.<byte[], byte[]>getConsumer(channel)
                    .runOnPollingThread(consumer -> {
                        return claim(consumer, partition);
                    })
                    .await()
                    .atMost(ANSWER_WITHIN);
        } catch (KafkaException | TimeoutException e) {
            throw new Unavailable("the group of channel " + channel + " does not answer", RETRY_AFTER, e);
        }
    }

    private static Claim claim(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        if (!consumer.assignment().contains(partition)) return new Claim.Lost();
        ConsumerGroupMetadata group = consumer.groupMetadata();
        // Expelled but not told yet: a commit without a generation would not be fenced.
        if (group.generationId() < 0) {
            throw new Unavailable("the consumer is joining its group again", RETRY_AFTER);
        }
        OffsetAndMetadata committed =
                consumer.committed(Set.of(partition), ANSWER_WITHIN).get(partition);
        return new Claim.Held(committed == null ? 0 : committed.offset(), group);
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        held.addAll(partitions);
        joined = true;
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        held.removeAll(partitions);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        held.removeAll(partitions);
    }
}
