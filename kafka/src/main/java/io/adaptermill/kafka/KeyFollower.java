package io.adaptermill.kafka;

import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.kafka.seal.KeyId;
import io.adaptermill.kafka.seal.KeyRing;
import io.adaptermill.kafka.seal.WrappedKey;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.id.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Keeps a process's ring of people's keys as the topic of keys has them.
public final class KeyFollower implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final KeyRing ring;
    private final String bootstrapServers;
    private final FollowLoop loop;
    private final Thread thread;

    private KeyFollower(String bootstrapServers, KeyEncryptionKey kek) {
        this.bootstrapServers = bootstrapServers;
        this.ring = new KeyRing(kek);
        this.loop = new FollowLoop(
                "keys", bootstrapServers, TopicReader.From.BEGINNING, Map.of(Topics.SUBJECT_KEYS, this::note));
        this.thread = Thread.ofPlatform().name("follow-keys").daemon().start(loop);
    }

    /// @param file of the key-encryption key, as ingest has it
    public static KeyFollower start(String bootstrapServers, Path file) {
        return new KeyFollower(bootstrapServers, KeyEncryptionKey.read(file));
    }

    /// @param file absent where nothing is sealed; there is nothing to follow then
    public static Optional<KeyFollower> start(String bootstrapServers, Optional<String> file) {
        return file.map(Path::of).map(path -> start(bootstrapServers, path));
    }

    public SealedRecords records() {
        return SealedRecords.with(ring, this::catchUp);
    }

    /// What opens records, with keys or without.
    public static SealedRecords records(Optional<KeyFollower> keys) {
        return keys.map(KeyFollower::records).orElseGet(SealedRecords::none);
    }

    public KeyRing ring() {
        return ring;
    }

    /// Why it stopped, if it did.
    public Optional<Throwable> failure() {
        return loop.failure();
    }

    /// Returns when every key that was written before the call is on the ring, or gone from it.
    ///
    /// The ends are those of all that was written, committed or not: whoever saw a committed record must wait for
    /// its transaction's other records, even where their commit is not marked yet.
    ///
    /// @throws Unavailable if the brokers do not answer in time
    /// @throws IllegalStateException if a key is not as it must be, such as wrapped by another key-encryption key
    public void catchUp() {
        try (Admin admin = KafkaClients.admin(bootstrapServers)) {
            var description = admin.describeTopics(List.of(Topics.SUBJECT_KEYS))
                    .allTopicNames()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            description
                    .values()
                    .forEach(topic -> topic.partitions()
                            .forEach(part -> latest.put(
                                    new TopicPartition(topic.name(), part.partition()), OffsetSpec.latest())));
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(latest)
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            loop.reach(ends).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            loop.failure().ifPresent(failure -> {
                throw new IllegalStateException("people's keys cannot be followed: " + failure.getMessage(), failure);
            });
            throw new Unavailable("the keys cannot be read to their end", RETRY_AFTER, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while reading keys", RETRY_AFTER, e);
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> record) {
        String[] parts = Utf8.text(record.key()).orElse("").split(" ", -1);
        if (parts.length != 2) throw new IllegalStateException("a key must be named by tenant and id");
        TenantId tenant = new TenantId(parts[0]);
        KeyId id = new KeyId(parts[1]);
        if (record.value() == null) {
            ring.destroy(tenant, id);
            return;
        }
        WrappedKey wrapped = EventJson.read(record.value(), WrappedKey.class);
        if (!wrapped.tenant().equals(tenant) || !wrapped.key().equals(id)) {
            throw new IllegalStateException("key " + id + " of " + tenant + " must be what its name says");
        }
        ring.put(wrapped);
    }

    /// The name of a key's record.
    public static byte[] recordKey(TenantId tenant, KeyId id) {
        return Utf8.bytes(tenant + " " + id);
    }

    @Override
    public void close() {
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
