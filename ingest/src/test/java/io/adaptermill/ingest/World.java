package io.adaptermill.ingest;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.BatchPolicy;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.testkit.Broker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// Everyone around ingest: people who register tenants, products, and the services after it. Closed by whoever made it.
final class World implements AutoCloseable {
    private final Broker broker;
    private final KafkaProducer<byte[], byte[]> producer;

    World(Broker broker) {
        this.broker = broker;
        this.producer = KafkaClients.producer(broker.bootstrapServers(), Map.of());
    }

    static String keyOf(TenantId tenant) {
        return "key-of-" + tenant;
    }

    static TenantPolicy policy(TenantId tenant, int examplesMax, double holdoutShare) {
        return new TenantPolicy(
                List.of(Digest.of(keyOf(tenant).getBytes(StandardCharsets.UTF_8))),
                new BatchPolicy(examplesMax, 16_384, Duration.ofMinutes(15), 1_000, Duration.ofHours(1)),
                new HoldoutPolicy(holdoutShare),
                Recipe.DEFAULT,
                GatePolicy.DEFAULT);
    }

    void register(TenantId tenant, int examplesMax, double holdoutShare) {
        publish(Topics.TENANT_POLICIES, tenant, "policy-" + tenant, policy(tenant, examplesMax, holdoutShare));
    }

    <E extends Event> void publish(Topic<E> topic, TenantId tenant, String id, E event) {
        publish(EventRecords.toRecord(
                topic, new Envelope<>(tenant, new EventId(id), "/test", Instant.parse("2026-01-01T00:00:00Z"), event)));
    }

    void publish(ProducerRecord<byte[], byte[]> record) {
        try {
            // Stamped now: what looks old is cleaned away.
            producer.send(new ProducerRecord<>(
                            record.topic(), record.partition(), null, record.key(), record.value(), record.headers()))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("the test broker must take records", e);
        }
    }

    /// Everything committed so far, of one tenant.
    <E extends Event> List<Envelope<E>> all(Topic<E> topic, TenantId tenant) {
        return records(topic.name()).stream()
                .flatMap(record -> EventRecords.read(topic, record).envelope().stream())
                .filter(envelope -> envelope.tenant().equals(tenant))
                .toList();
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaClients.consumer(broker.bootstrapServers(), Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    @Override
    public void close() {
        producer.close();
    }
}
