package io.adaptermill.cli.client;

import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;

/// A person's request through one topic, and its answer through another.
final class Requests {
    static final String SOURCE = "/adaptermill/cli";

    private Requests() {}

    static <E extends Event> void send(String kafka, Topic<E> topic, Envelope<E> envelope) {
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of("max.block.ms", 15_000))) {
            producer.send(EventRecords.toRecord(topic, envelope)).get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the request could not be written to Kafka at " + kafka, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing the request", e);
        }
    }

    /// @return absent if it did not come in time
    static <A> Optional<A> await(BlockingQueue<A> answers, Predicate<A> mine, long seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            while (System.nanoTime() < until) {
                A answer = answers.poll(100, TimeUnit.MILLISECONDS);
                if (answer != null && mine.test(answer)) return Optional.of(answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }
}
