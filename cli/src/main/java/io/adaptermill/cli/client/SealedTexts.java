package io.adaptermill.cli.client;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.kafka.seal.KeyId;
import io.adaptermill.kafka.seal.KeyRing;
import io.adaptermill.kafka.seal.Seal;
import io.adaptermill.kafka.seal.SealedDocument;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// What lies sealed in the log because of one person: found while their key exists, and tried again after it
/// does not.
public final class SealedTexts {
    private static final Duration POLL = Duration.ofMillis(200);
    private final List<SealedDocument.Text> texts;

    private SealedTexts(List<SealedDocument.Text> texts) {
        this.texts = List.copyOf(texts);
    }

    /// @param keys caught up with the topic of keys
    public static SealedTexts of(String kafka, KeyFollower keys, TenantId tenant, SubjectId subject, Duration timeout) {
        List<SealedDocument.Text> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaClients.consumer(kafka, Map.of("client.id", "adaptermill-erase"))) {
            List<TopicPartition> partitions = Stream.of(
                            Topics.BATCH_CLOSED, Topics.HOLDOUT_ASSIGNED, Topics.FEEDBACK_QUARANTINED)
                    .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + timeout.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) throw tooLong(kafka, timeout);
                consumer.poll(POLL)
                        .forEach(record ->
                                theirs(record, keys.ring(), tenant, subject).forEach(found::add));
            }
        }
        return new SealedTexts(found);
    }

    private static CommandFailure tooLong(String kafka, Duration timeout) {
        return new CommandFailure(
                Exit.TIMED_OUT,
                "Batches, hold-out and quarantine on Kafka at " + kafka + " could not be read within "
                        + timeout.toSeconds() + " s.",
                "give it longer with --timeout");
    }

    private static Stream<SealedDocument.Text> theirs(
            ConsumerRecord<byte[], byte[]> record, KeyRing ring, TenantId tenant, SubjectId subject) {
        boolean isTenants = tenant.value().equals(new String(record.key(), StandardCharsets.UTF_8));
        if (!isTenants || !SealedRecords.isSealed(record.headers())) return Stream.empty();
        return SealedDocument.texts(record.topic(), tenant, record.value(), ring).stream()
                .filter(text -> text.subject().filter(subject::equals).isPresent());
    }

    public int count() {
        return texts.size();
    }

    public List<EventId> events() {
        return texts.stream().map(text -> text.place().event()).distinct().toList();
    }

    public Set<KeyId> keys() {
        return texts.stream().map(text -> text.sealed().key()).collect(Collectors.toSet());
    }

    /// How many of them open with these keys.
    public int readable(KeyRing ring) {
        return Math.toIntExact(texts.stream()
                .filter(text -> Seal.open(ring, text.place(), text.sealed()).isPresent())
                .count());
    }
}
