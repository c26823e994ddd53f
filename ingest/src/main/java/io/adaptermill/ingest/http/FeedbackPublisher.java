package io.adaptermill.ingest.http;

import io.adaptermill.ingest.IngestConfig;
import io.adaptermill.ingest.IngestMetrics;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/// Puts accepted feedback on its topic, and comes back when the brokers have it. Any thread may call it.
@Singleton
public final class FeedbackPublisher {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final KafkaProducer<byte[], byte[]> producer;
    private final IngestMetrics metrics;

    FeedbackPublisher(IngestConfig config, IngestMetrics metrics) {
        int wait = Math.toIntExact(config.ingest().publishWait().toMillis());
        this.metrics = metrics;
        this.producer = KafkaClients.producer(
                config.kafka(),
                Map.of(
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, wait / 2,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, wait / 2,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, wait / 4,
                        ProducerConfig.LINGER_MS_CONFIG, 0,
                        ProducerConfig.CLIENT_ID_CONFIG, "ingest-http"));
    }

    /// @throws Unavailable if the brokers did not take all of them; some may be there all the same, and sending them
    ///     again under the same ids is harmless
    void publish(List<Envelope<FeedbackReceived>> events) {
        List<Future<?>> sent = new ArrayList<>();
        try {
            for (Envelope<FeedbackReceived> event : events) sent.add(producer.send(record(event)));
            for (Future<?> future : sent) {
                future.get();
                metrics.received();
            }
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    /// Stamped by us: a record is kept by its timestamp, and the sender's clock may be wrong by years.
    private static ProducerRecord<byte[], byte[]> record(Envelope<FeedbackReceived> event) {
        ProducerRecord<byte[], byte[]> record = EventRecords.toRecord(Topics.FEEDBACK_RECEIVED, event);
        return new ProducerRecord<>(record.topic(), null, null, record.key(), record.value(), record.headers());
    }

    private static Unavailable unavailable(Exception cause) {
        return new Unavailable("Kafka did not take the feedback in time", RETRY_AFTER, cause);
    }

    @PreDestroy
    void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
