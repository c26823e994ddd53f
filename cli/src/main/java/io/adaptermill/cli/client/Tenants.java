package io.adaptermill.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /// Changes fields of a policy, named by their path, such as `batch.ageMax=PT20S`.
    ///
    /// @throws IllegalArgumentException if there is no such field, naming those that are there, or no such value
    public static TenantPolicy with(TenantPolicy policy, Map<String, String> changes) {
        ObjectNode tree = EventJson.mapper().valueToTree(policy);
        changes.forEach((path, value) -> set(tree, path, value));
        try {
            return EventJson.read(EventJson.write(tree), TenantPolicy.class);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(
                    String.valueOf(Objects.requireNonNull(e.getCause()).getMessage())
                            .lines()
                            .findFirst()
                            .orElse("not a policy"),
                    e);
        }
    }

    private static void set(ObjectNode tree, String path, String value) {
        int dot = path.indexOf('.');
        String field = dot < 0 ? path : path.substring(0, dot);
        JsonNode child = tree.path(field);
        if (dot >= 0 && child instanceof ObjectNode object) {
            set(object, path.substring(dot + 1), value);
        } else if (dot < 0 && child.isValueNode()) {
            if (child.isNumber()) tree.set(field, number(field, value));
            else tree.put(field, value);
        } else {
            List<String> names = new ArrayList<>();
            tree.fieldNames().forEachRemaining(names::add);
            throw new IllegalArgumentException("\"" + field + "\" is not a field here; there are " + names);
        }
    }

    private static JsonNode number(String field, String value) {
        try {
            return EventJson.mapper().readTree(value);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(field + " must be a number, was \"" + value + "\"", e);
        }
    }
}
