package io.adaptermill.kafka;

import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Follows whole topics without a group: for whoever needs all there is, such as the desired state of serving.
///
/// All handlers run on one thread of the reader's own, in each partition's order. Nothing is committed; a restart reads
/// from the start again.
///
/// ### Failure semantics
/// A handler that throws stops the reader: [#failure()] is then set and the service is not healthy any more. While the
/// brokers are away the reader waits for them.
public final class TopicReader implements AutoCloseable {
    private final FollowLoop loop;
    private final Thread thread;

    private TopicReader(FollowLoop loop, String name) {
        this.loop = loop;
        this.thread = Thread.ofPlatform().name("follow-" + name).daemon().start(loop);
    }

    /// @param name of the reader's thread and client, for logs
    public static Builder named(String name) {
        return new Builder(name);
    }

    /// Done when everything that was there at the start has been handled.
    public CompletableFuture<Void> caughtUp() {
        return loop.caughtUp().copy();
    }

    /// Why it stopped, if it did.
    public Optional<Throwable> failure() {
        return loop.failure();
    }

    /// Stops after the record being handled.
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Where to begin.
    public enum From {
        BEGINNING,
        /// Only what comes after the reader has started; [#caughtUp()] then says that it has.
        END
    }

    /// Collects topics and handlers; then starts.
    public static final class Builder {
        private final String name;
        private final Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> handlers = new LinkedHashMap<>();
        private final Map<String, Consumer<SealedRecords.Opened>> erased = new LinkedHashMap<>();
        private From from = From.BEGINNING;
        private SealedRecords sealed = SealedRecords.none();

        private Builder(String name) {
            this.name = name;
        }

        public <E extends Event> Builder on(Topic<E> topic, Consumer<EventRead<E>> handler) {
            return onRecords(topic, (_, read) -> handler.accept(read));
        }

        /// For handlers that need the record's place too.
        public <E extends Event> Builder onRecords(Topic<E> topic, PlacedHandler<E> handler) {
            handlers.put(topic.name(), record -> {
                SealedRecords.Opened opened = sealed.open(record);
                if (!opened.erased().isEmpty()) {
                    erased.getOrDefault(topic.name(), _ -> {}).accept(opened);
                }
                if (!opened.isGone()) {
                    handler.accept(RecordPlace.of(record), EventRecords.read(topic, opened.record()));
                }
            });
            return this;
        }

        /// With what records are opened whose texts lie under their people's keys.
        public Builder opening(SealedRecords records) {
            this.sealed = records;
            return this;
        }

        /// For records of which something is erased; the handler then gets what is left, if anything is.
        public Builder onErased(Topic<?> topic, Consumer<SealedRecords.Opened> handler) {
            erased.put(topic.name(), handler);
            return this;
        }

        public Builder from(From start) {
            this.from = start;
            return this;
        }

        public TopicReader start(String bootstrapServers) {
            return new TopicReader(new FollowLoop(name, bootstrapServers, from, Map.copyOf(handlers)), name);
        }
    }

    /// Handles one record with its place in the log.
    @FunctionalInterface
    public interface PlacedHandler<E extends Event> {
        void accept(RecordPlace place, EventRead<E> read);
    }
}
