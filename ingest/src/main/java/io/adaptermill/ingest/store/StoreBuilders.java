package io.adaptermill.ingest.store;

import io.adaptermill.ingest.batch.TenantBuffer;
import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.defence.Passed;
import io.adaptermill.ingest.defence.Pulse;
import io.adaptermill.ingest.erasure.Lesson;
import io.adaptermill.ingest.join.Answer;
import io.adaptermill.kafka.JsonSerde;
import io.adaptermill.kafka.TenantSerde;
import io.adaptermill.kafka.seal.WrappedKey;
import io.adaptermill.schemas.event.BatchReopened;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The stores of the topology and how they keep what they keep. Each has a changelog, so that a lost disk
/// loses nothing.
public final class StoreBuilders {
    static final String BUFFERS = "buffers";
    static final String ITEMS = "items";
    static final String PAST = "past";
    static final String WAITING = "waiting";
    static final String PULSES = "pulses";
    static final String RECENT = "recent";
    static final String QUARANTINE = "quarantine";
    static final String KEYS = "keys";
    static final String SEEN = "seen";
    static final String ANSWERS = "answers";
    static final String JUDGED = "judged";
    static final String LESSONS = "lessons";
    static final String REOPENED = "reopened";

    private StoreBuilders() {}

    /// @param seenFor how long an event id is remembered
    /// @param answersFor how long an answer can be judged by its id
    public static Set<StoreBuilder<?>> builders(Duration seenFor, Duration answersFor) {
        return Set.of(
                entries(BUFFERS, new TenantSerde(), JsonSerde.of(TenantBuffer.class)),
                entries(ITEMS, Serdes.String(), JsonSerde.of(WaitingItem.class)),
                entries(PAST, Serdes.String(), JsonSerde.of(WaitingItem.class)),
                entries(WAITING, Serdes.String(), JsonSerde.of(Waiting.class)),
                entries(PULSES, new TenantSerde(), JsonSerde.of(Pulse.class)),
                entries(RECENT, Serdes.String(), JsonSerde.of(Passed.class)),
                entries(QUARANTINE, Serdes.String(), JsonSerde.of(WaitingItem.class)),
                entries(KEYS, Serdes.String(), JsonSerde.of(WrappedKey.class)),
                aging(SEEN, seenFor, Serdes.Long()),
                aging(ANSWERS, answersFor, JsonSerde.of(Answer.class)),
                aging(JUDGED, answersFor, Serdes.String()),
                entries(LESSONS, Serdes.String(), JsonSerde.of(Lesson.class)),
                entries(REOPENED, Serdes.String(), JsonSerde.of(BatchReopened.class)));
    }

    private static <K, V> StoreBuilder<KeyValueStore<K, V>> entries(String name, Serde<K> key, Serde<V> value) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value);
    }

    /// Segments of time are dropped whole, which costs nothing however many entries there are.
    private static <V> StoreBuilder<?> aging(String name, Duration kept, Serde<V> value) {
        return Stores.windowStoreBuilder(Stores.persistentWindowStore(name, kept, kept, false), Serdes.String(), value);
    }
}
