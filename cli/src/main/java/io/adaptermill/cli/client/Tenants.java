package io.adaptermill.cli.client;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;

/// Registers tenants: their policies go to `tenant.policies`, where every service reads them.
public final class Tenants {
    private static final int KEY_BYTES = 24;

    private Tenants() {}

    /// A new API key. Only its digest is published.
    public static String newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return "amk_" + HexFormat.of().formatHex(bytes);
    }

    public static Digest digest(String key) {
        return Digest.of(key.getBytes(StandardCharsets.UTF_8));
    }

    public static void publish(String kafka, Map<TenantId, TenantPolicy> policies) {
        Instant now = Instant.now();
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of("max.block.ms", 15_000))) {
            for (Map.Entry<TenantId, TenantPolicy> entry : policies.entrySet()) {
                EventId id = new EventId(entry.getKey() + "/policy/" + now.toEpochMilli());
                producer.send(EventRecords.toRecord(
                                Topics.TENANT_POLICIES,
                                new Envelope<>(entry.getKey(), id, "/adaptermill/cli", now, entry.getValue())))
                        .get(20, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("policies could not be written to Kafka at " + kafka, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing policies", e);
        }
    }
}
