package io.adaptermill.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread of a [TopicReader]: waits for the topics, reads from the start to what was the end, then on.
final class FollowLoop implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FollowLoop.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String name;
    private final String bootstrapServers;
    private final TopicReader.From from;
    private final Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> handlers;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final Queue<Target> targets = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Optional<Throwable> failure = Optional.empty();

    FollowLoop(
            String name,
            String bootstrapServers,
            TopicReader.From from,
            Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> handlers) {
        this.name = name;
        this.bootstrapServers = bootstrapServers;
        this.from = from;
        this.handlers = handlers;
    }

    CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    /// Done when everything before these offsets has been handled, records that were rolled back passed over.
    CompletableFuture<Void> reach(Map<TopicPartition, Long> offsets) {
        Target target = new Target(Map.copyOf(offsets), new CompletableFuture<>());
        targets.add(target);
        failure.ifPresent(target.reached()::completeExceptionally);
        return target.reached();
    }

    private record Target(Map<TopicPartition, Long> offsets, CompletableFuture<Void> reached) {}

    Optional<Throwable> failure() {
        return failure;
    }

    void stop() {
        stopping.countDown();
    }

    @Override
    public void run() {
        Map<String, Object> settings = Map.of(ConsumerConfig.CLIENT_ID_CONFIG, name);
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaClients.consumer(bootstrapServers, settings)) {
            follow(consumer);
            caughtUp.cancel(false);
        } catch (Exception e) {
            failure = Optional.of(e);
            caughtUp.completeExceptionally(e);
            targets.forEach(target -> target.reached().completeExceptionally(e));
            LOGGER.atError().addKeyValue("reader", name).setCause(e).log("reader stopped; restart the service");
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        List<TopicPartition> partitions = partitions(consumer);
        if (stopped()) return;
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = start(consumer, partitions);
        while (!stopped()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (stopped()) return;
                handle(record);
            }
            if (!caughtUp.isDone() && reached(consumer, ends)) caughtUp.complete(null);
            targets.removeIf(target ->
                    reached(consumer, target.offsets()) && target.reached().complete(null));
        }
    }

    private void handle(ConsumerRecord<byte[], byte[]> record) {
        Consumer<ConsumerRecord<byte[], byte[]>> handler = handlers.get(record.topic());
        if (handler == null) {
            throw new IllegalStateException(
                    "reader " + name + " got a record of " + record.topic() + ", not its topic");
        }
        handler.accept(record);
    }

    private Map<TopicPartition, Long> start(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
            throws InterruptedException {
        switch (from) {
            case BEGINNING -> consumer.seekToBeginning(partitions);
            case END -> consumer.seekToEnd(partitions);
        }
        while (true) {
            try {
                return consumer.endOffsets(partitions);
            } catch (RetriableException e) {
                pause();
                if (stopped()) return Map.of();
            }
        }
    }

    private static boolean reached(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /// Topics may be created, and the brokers may come, after us.
    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        while (!stopped()) {
            try {
                List<TopicPartition> found = new ArrayList<>();
                long topics = handlers.keySet().stream()
                        .map(consumer::partitionsFor)
                        .filter(infos -> !infos.isEmpty())
                        .peek(infos ->
                                infos.forEach(info -> found.add(new TopicPartition(info.topic(), info.partition()))))
                        .count();
                if (topics == handlers.size()) return found;
            } catch (RetriableException e) {
                LOGGER.atWarn()
                        .addKeyValue("reader", name)
                        .addKeyValue("error", e.getMessage())
                        .log("Kafka is away");
            }
            pause();
        }
        return List.of();
    }

    private void pause() throws InterruptedException {
        stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean stopped() {
        return stopping.getCount() == 0;
    }
}
