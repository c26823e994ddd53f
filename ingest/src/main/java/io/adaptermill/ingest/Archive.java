package io.adaptermill.ingest;

import io.adaptermill.ingest.runtime.Reopening;
import io.adaptermill.kafka.Draining;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.Retries;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.SubjectErased;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings back what is left of batches that are learned once more after an erasure, as the keys that are left open it.
///
/// The topology cannot look for records of long ago, and keeping every batch in its state would keep everything twice.
/// A batch may come back more than once; the topology takes what it awaits.
@ApplicationScoped
class Archive {
    private static final Logger LOGGER = LoggerFactory.getLogger(Archive.class);
    private static final String GROUP = "adaptermill-ingest-archive";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String kafka;
    private final Optional<KeyFollower> keys;
    private final Reopening reopening;
    private final Thread thread;
    private volatile boolean isStopping;
    private volatile Optional<Throwable> failure = Optional.empty();

    Archive(IngestConfig config) {
        kafka = config.kafka();
        keys = KeyFollower.start(kafka, config.sealKey());
        reopening = new Reopening(KeyFollower.records(keys));
        thread = Thread.ofPlatform().name("archive").daemon().unstarted(this::run);
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        isStopping = true;
        thread.join();
        keys.ifPresent(KeyFollower::close);
    }

    /// Why it can no longer go on, if so: then only a restart helps.
    Optional<Throwable> failure() {
        return failure.or(() -> keys.flatMap(KeyFollower::failure));
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> erasures = KafkaClients.consumer(
                        kafka,
                        Map.of(ConsumerConfig.GROUP_ID_CONFIG, GROUP, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1));
                KafkaConsumer<byte[], byte[]> batches = KafkaClients.consumer(kafka, Map.of());
                KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of())) {
            erasures.subscribe(List.of(Topics.SUBJECT_ERASED.name()));
            while (!isStopping) {
                for (ConsumerRecord<byte[], byte[]> record : erasures.poll(POLL)) {
                    if (EventRecords.read(Topics.SUBJECT_ERASED, record)
                            instanceof EventRead.Readable<SubjectErased>(var envelope)) {
                        reopen(envelope, record.partition(), batches, producer);
                    }
                    erasures.commitSync();
                }
            }
        } catch (Draining e) {
            LOGGER.atInfo().log("archive stops");
        } catch (Exception e) {
            failure = Optional.of(e);
            LOGGER.atError().setCause(e).log("archive stopped; restart the service");
        }
    }

    private void reopen(
            Envelope<SubjectErased> erasure,
            int partition,
            KafkaConsumer<byte[], byte[]> batches,
            KafkaProducer<byte[], byte[]> producer) {
        TopicPartition place = new TopicPartition(Topics.BATCH_CLOSED.name(), partition);
        for (SubjectErased.Again again : erasure.event().again()) {
            Retries.whileUnavailable(this::failIfStopping, () -> {
                try {
                    return producer.send(find(again, erasure, place, batches)).get();
                } catch (RetriableException | ExecutionException e) {
                    throw new Unavailable("a batch of long ago", PAUSE, e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new Draining();
                }
            });
        }
        LOGGER.atInfo()
                .addKeyValue("tenant", erasure.tenant())
                .addKeyValue("batches", erasure.event().again().size())
                .log("batches are learned again");
    }

    /// @throws Unavailable if it is not there yet: the transaction that it is in may be marked later there than here
    private ProducerRecord<byte[], byte[]> find(
            SubjectErased.Again again,
            Envelope<SubjectErased> erasure,
            TopicPartition place,
            KafkaConsumer<byte[], byte[]> batches) {
        batches.assign(List.of(place));
        @Nullable
        OffsetAndTimestamp start =
                batches.offsetsForTimes(Map.of(place, again.closedAtMillis())).get(place);
        if (start != null) batches.seek(place, start.offset());
        long end = batches.endOffsets(List.of(place)).getOrDefault(place, 0L);
        while (start != null && batches.position(place) < end) {
            failIfStopping();
            for (ConsumerRecord<byte[], byte[]> record : batches.poll(POLL)) {
                Optional<ProducerRecord<byte[], byte[]>> found =
                        reopening.of(record, again.batch(), erasure, Instant.now());
                if (found.isPresent()) return found.get();
            }
        }
        LOGGER.atWarn()
                .addKeyValue("batch", again.batch())
                .addKeyValue("place", place)
                .log("batch is not there yet");
        throw new Unavailable("batch " + again.batch() + " in " + place, PAUSE);
    }

    private void failIfStopping() {
        if (isStopping) throw new Draining();
    }
}
