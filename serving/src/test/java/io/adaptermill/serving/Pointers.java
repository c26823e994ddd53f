package io.adaptermill.serving;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.engine.FakeEngine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Writes what promoter and operators write.
final class Pointers implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong ids = new AtomicLong();

    Pointers(String bootstrapServers) {
        producer = KafkaClients.producer(bootstrapServers, Map.of());
    }

    void register(TenantId tenant, String key) {
        Digest digest = Digest.of(key.getBytes(StandardCharsets.UTF_8));
        publish(Topics.TENANT_POLICIES, tenant, TenantPolicy.withDefaults(List.of(digest)));
    }

    void point(TenantId tenant, AdapterRef to) {
        publish(Topics.SERVING_ADAPTERS, tenant, new ServingAdapter(to, FakeEngine.BASE));
    }

    void tryOut(TenantId tenant, AdapterRef candidate, double share) {
        publish(Topics.SERVING_CANDIDATES, tenant, new ServingCandidate(candidate, FakeEngine.BASE, share));
    }

    void withdraw(TenantId tenant) {
        send(EventRecords.toRemoval(Topics.SERVING_CANDIDATES, tenant));
    }

    void remove(TenantId tenant) {
        send(EventRecords.toRemoval(Topics.SERVING_ADAPTERS, tenant));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a record must be written", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private <E extends Event> void publish(Topic<E> topic, TenantId tenant, E event) {
        EventId id = new EventId("e" + ids.incrementAndGet());
        send(EventRecords.toRecord(topic, new Envelope<>(tenant, id, "/test", Instant.now(), event)));
    }
}
