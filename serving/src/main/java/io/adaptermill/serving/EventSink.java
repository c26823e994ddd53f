package io.adaptermill.serving;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes what happened without ever delaying an answer.
///
/// ### Failure semantics An answer goes out whether or not Kafka is there: no downtime comes before
/// complete logs. While Kafka is away, events wait in the producer's buffer (10 minutes, 32 MB) and in a
/// queue before it (10,000 events); what finds no room is dropped and counted by topic. A rating of an
/// answer whose event was dropped is refused by ingest as unknown; one that carries its text is not
/// affected.
public final class EventSink implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventSink.class);
    private static final int QUEUE_MAX = 10_000;
    private static final Duration AWAY_MAX = Duration.ofMinutes(10);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final BlockingQueue<ProducerRecord<byte[], byte[]>> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final KafkaProducer<byte[], byte[]> producer;
    private final ServingMetrics metrics;
    private final String source;
    private final Thread thread;
    private volatile boolean closing;

    public EventSink(String bootstrapServers, String source, ServingMetrics metrics) {
        this.source = source;
        this.metrics = metrics;
        this.producer = KafkaClients.producer(
                bootstrapServers,
                Map.of(
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "serving",
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        (int) AWAY_MAX.toMillis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) AWAY_MAX.toMillis()));
        this.thread = Thread.ofPlatform().name("event-sink").daemon().start(this::run);
    }

    /// Returns at once.
    public <E extends Event> void publish(Topic<E> topic, TenantId tenant, EventId id, E event) {
        Envelope<E> envelope = new Envelope<>(tenant, id, source, Instant.now(), event);
        if (closing || !queue.offer(EventRecords.toRecord(topic, envelope))) metrics.dropped(topic.suffix());
    }

    /// Sends what is left, for a few seconds.
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_MAX);
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                ProducerRecord<byte[], byte[]> record = queue.poll(100, TimeUnit.MILLISECONDS);
                if (record != null) send(record);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record, (_, failure) -> {
                if (failure != null) dropped(record.topic(), failure);
            });
        } catch (RuntimeException e) {
            dropped(record.topic(), e);
        }
    }

    private void dropped(String topic, Exception cause) {
        metrics.dropped(topic);
        LOGGER.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("error", cause.getMessage())
                .log("event could not be published and is lost; answers are not affected");
    }
}
