package io.adaptermill.kafka.group;

import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.error.Unavailable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/// Short transactions: one record out, one offset committed. Used by one thread.
///
/// ### Failure semantics
/// After any failure the producer is thrown away. The next one, of the same name, makes the brokers finish or undo what
/// was left open; after that the committed offset says which it was. So there is no error that must be understood to go
/// on rightly.
public final class Transactions implements AutoCloseable {
    /// One record and one offset take milliseconds; what a killed worker leaves open blocks readers no longer than
    /// this.
    private static final int TIMEOUT_MILLIS = 15_000;

    private static final int REQUEST_MILLIS_MAX = 5_000;
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private final String bootstrapServers;
    private final String name;
    private Optional<KafkaProducer<byte[], byte[]>> open = Optional.empty();

    /// @param name the transactional id: stable for this worker, so that it fences an older process of the same name
    public Transactions(String bootstrapServers, String name) {
        this.bootstrapServers = bootstrapServers;
        this.name = name;
    }

    /// Fences older processes of this name and ends what they left open.
    ///
    /// @throws Unavailable if the brokers do not answer
    public void open() {
        guarded(() -> {});
    }

    /// Publishes the record and commits the offset, both or neither.
    ///
    /// @throws Unavailable if it is not known to have happened; look at the committed offset before trying again
    /// @throws IllegalStateException if a newer process has this name, or if the record can never be published
    public void commit(
            ProducerRecord<byte[], byte[]> record, TopicPartition partition, long offset, ConsumerGroupMetadata group) {
        guarded(() -> {
            KafkaProducer<byte[], byte[]> producer = producer();
            producer.beginTransaction();
            producer.send(record);
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(offset)), group);
            producer.commitTransaction();
        });
    }

    @Override
    public void close() {
        open.ifPresent(producer -> producer.close(Duration.ofMillis(REQUEST_MILLIS_MAX)));
        open = Optional.empty();
    }

    private void guarded(Runnable work) {
        try {
            producer();
            work.run();
        } catch (ProducerFencedException e) {
            discard();
            throw new IllegalStateException(
                    "a newer process has the transactional id " + name + ": give each worker a name of its own", e);
        } catch (KafkaException e) {
            discard();
            if (isTooLarge(e)) throw new IllegalStateException("a result is larger than its topic allows", e);
            throw new Unavailable("the transaction of " + name + " failed: " + e.getMessage(), RETRY_AFTER, e);
        }
    }

    private static boolean isTooLarge(KafkaException e) {
        return e instanceof RecordTooLargeException || e.getCause() instanceof RecordTooLargeException;
    }

    private KafkaProducer<byte[], byte[]> producer() {
        if (open.isEmpty()) {
            KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(bootstrapServers, settings());
            open = Optional.of(producer);
            producer.initTransactions();
        }
        return open.orElseThrow();
    }

    private Map<String, Object> settings() {
        return Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                name,
                ProducerConfig.CLIENT_ID_CONFIG,
                name,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                TIMEOUT_MILLIS,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                2 * REQUEST_MILLIS_MAX,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REQUEST_MILLIS_MAX,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                2 * REQUEST_MILLIS_MAX);
    }

    private void discard() {
        open.ifPresent(producer -> producer.close(Duration.ZERO));
        open = Optional.empty();
    }
}
