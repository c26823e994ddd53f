package io.adaptermill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.kafka.seal.Seal;
import io.adaptermill.kafka.seal.SealedDocument;
import io.adaptermill.kafka.seal.SubjectKey;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.testkit.Broker;
import io.adaptermill.testkit.WithBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys and sealed records through a real broker, written as ingest writes them: in one transaction.
@WithBroker(WithBroker.Scope.CLASS)
class KeyFollowerIT {
    private static final TenantId ACME = new TenantId("acme");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SECRET = "q7V2Zb0gq0m7m0cXWkq5bq2o9y4wqkq1c2dFZ3hpanM=";

    private final Broker broker;

    @TempDir
    private Path folder;

    KeyFollowerIT(Broker broker) {
        this.broker = broker;
    }

    @Test
    void a_reader_opens_what_has_a_key_and_passes_over_what_has_none() throws Exception {
        // Given
        TopicSetup.ensure(broker.bootstrapServers(), 3);
        Path file = Files.writeString(folder.resolve("kek"), SECRET);
        KeyEncryptionKey kek = KeyEncryptionKey.read(file);
        List<SubjectKey> keys = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(broker.bootstrapServers(), Map.of("transactional.id", "like-ingest"))) {
            producer.initTransactions();
            for (int number = 1; number <= 20; number++) {
                SubjectKey key = SubjectKey.random(ACME, RANDOM);
                keys.add(key);
                producer.beginTransaction();
                producer.send(holdout(number, key));
                producer.send(key(key, EventJson.write(kek.wrap(key, RANDOM))));
                producer.commitTransaction();
            }
            producer.beginTransaction();
            producer.send(key(keys.get(4), null));
            producer.commitTransaction();
        }

        // When
        List<Long> read = new CopyOnWriteArrayList<>();
        List<EventId> erased = new CopyOnWriteArrayList<>();
        try (KeyFollower follower = KeyFollower.start(broker.bootstrapServers(), file);
                TopicReader reader = TopicReader.named("sealed")
                        .opening(follower.records())
                        .onErased(Topics.HOLDOUT_ASSIGNED, opened -> erased.addAll(opened.erased()))
                        .on(
                                Topics.HOLDOUT_ASSIGNED,
                                event -> event.envelope()
                                        .map(Envelope::event)
                                        .map(HoldoutAssigned::sequence)
                                        .ifPresent(read::add))
                        .start(broker.bootstrapServers())) {
            reader.caughtUp().get(30, TimeUnit.SECONDS);
        }

        // Then
        // The other test's record has no key at all, like one of a key that is destroyed.
        assertThat(erased).contains(new EventId("e-5")).isSubsetOf(new EventId("e-5"), new EventId("e-99"));
        assertThat(read).hasSize(19).doesNotContain(5L);
    }

    @Test
    void without_a_key_file_a_sealed_record_stops_the_reader_and_says_what_to_set() {
        // Given
        TopicSetup.ensure(broker.bootstrapServers(), 3);
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(broker.bootstrapServers(), Map.of());
                TopicReader reader = TopicReader.named("keyless")
                        .on(Topics.HOLDOUT_ASSIGNED, _ -> {})
                        .start(broker.bootstrapServers())) {
            // When
            producer.send(holdout(99, SubjectKey.random(ACME, RANDOM)));
            producer.flush();

            // Then
            assertThatThrownBy(() -> reader.caughtUp().get(30, TimeUnit.SECONDS))
                    .cause()
                    .hasMessageContaining("adaptermill.seal-key is not set");
        }
    }

    private static ProducerRecord<byte[], byte[]> key(SubjectKey key, byte @Nullable [] value) {
        return new ProducerRecord<>(Topics.SUBJECT_KEYS, KeyFollower.recordKey(ACME, key.id()), value);
    }

    private static ProducerRecord<byte[], byte[]> holdout(int number, SubjectKey key) {
        EventId event = new EventId("e-" + number);
        Example example = new Example.Demonstration(Prompt.ofUser("How?"), "So.");
        HoldoutAssigned assigned = new HoldoutAssigned(event, number, Optional.of(new SubjectId("ann")), example);
        ProducerRecord<byte[], byte[]> clear = EventRecords.toRecord(
                Topics.HOLDOUT_ASSIGNED,
                new Envelope<>(ACME, new EventId(event + "/held-out"), "/test", Instant.EPOCH, assigned));
        SealedRecords.mark(clear.headers());
        byte[] sealed = SealedDocument.seal(clear.topic(), ACME, clear.value(), _ -> key, new Seal(RANDOM));
        return new ProducerRecord<>(clear.topic(), null, 0L, clear.key(), sealed, clear.headers());
    }
}
