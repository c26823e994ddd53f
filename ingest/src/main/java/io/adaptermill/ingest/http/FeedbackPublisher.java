package io.adaptermill.ingest.http;

import io.adaptermill.ingest.IngestConfig;
import io.adaptermill.ingest.IngestMetrics;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.Unavailable;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.Event;
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

/// Puts accepted feedback and requests to forget on their topics, and comes back when the brokers have it. Any thread
/// may call it.
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
        send(Topics.FEEDBACK_RECEIVED, events, metrics::received);
    }

    /// @throws Unavailable if the brokers did not take it; asking again under the same id is harmless
    void publish(Envelope<ErasureRequested> erasure) {
        send(Topics.ERASURE_REQUESTED, List.of(erasure), () -> {});
    }

    private <E extends Event> void send(Topic<E> topic, List<Envelope<E>> events, Runnable counted) {
        List<Future<?>> sent = new ArrayList<>();
        try {
            for (Envelope<E> event : events) sent.add(producer.send(record(topic, event)));
            for (Future<?> future : sent) {
                future.get();
                counted.run();
            }
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    /// Stamped by us: a record is kept by its timestamp, and the sender's clock may be wrong by years.
    private static <E extends Event> ProducerRecord<byte[], byte[]> record(Topic<E> topic, Envelope<E> event) {
        ProducerRecord<byte[], byte[]> record = EventRecords.toRecord(topic, event);
        return new ProducerRecord<>(record.topic(), null, null, record.key(), record.value(), record.headers());
    }

    private static Unavailable unavailable(Exception cause) {
        return new Unavailable("Kafka did not take it in time", RETRY_AFTER, cause);
    }

    @PreDestroy
    void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
