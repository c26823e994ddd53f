package io.adaptermill.ingest.store;

import io.adaptermill.ingest.batch.Reservoir;
import io.adaptermill.ingest.batch.TenantBuffer;
import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.erasure.Lesson;
import io.adaptermill.ingest.join.Answer;
import io.adaptermill.kafka.seal.WrappedKey;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/// One task's stores in the words of the domain. Owned by the task's thread.
public final class TenantStores {
    /// Behind every character of an id.
    private static final char LAST = '\u007f';

    private final KeyValueStore<TenantId, TenantBuffer> buffers;
    private final KeyValueStore<String, WaitingItem> items;
    private final KeyValueStore<String, WaitingItem> past;
    private final KeyValueStore<String, Waiting> waiting;
    private final KeyValueStore<String, WrappedKey> keys;
    private final WindowStore<String, Long> seen;
    private final WindowStore<String, Answer> answers;
    private final WindowStore<String, String> judged;
    private final KeyValueStore<String, Lesson> lessons;
    private final KeyValueStore<String, BatchReopened> reopened;
    private final Duration seenFor;
    private final Duration answersFor;

    public TenantStores(ProcessorContext<?, ?> context, Duration seenFor, Duration answersFor) {
        this.buffers = context.getStateStore(StoreBuilders.BUFFERS);
        this.items = context.getStateStore(StoreBuilders.ITEMS);
        this.past = context.getStateStore(StoreBuilders.PAST);
        this.waiting = context.getStateStore(StoreBuilders.WAITING);
        this.keys = context.getStateStore(StoreBuilders.KEYS);
        this.seen = context.getStateStore(StoreBuilders.SEEN);
        this.answers = context.getStateStore(StoreBuilders.ANSWERS);
        this.judged = context.getStateStore(StoreBuilders.JUDGED);
        this.lessons = context.getStateStore(StoreBuilders.LESSONS);
        this.reopened = context.getStateStore(StoreBuilders.REOPENED);
        this.seenFor = seenFor;
        this.answersFor = answersFor;
    }

    public TenantBuffer buffer(TenantId tenant) {
        @Nullable TenantBuffer buffer = buffers.get(tenant);
        return buffer == null ? TenantBuffer.EMPTY : buffer;
    }

    public void put(TenantId tenant, TenantBuffer buffer) {
        buffers.put(tenant, buffer);
    }

    public void eachBuffer(BiConsumer<TenantId, TenantBuffer> action) {
        try (KeyValueIterator<TenantId, TenantBuffer> all = buffers.all()) {
            all.forEachRemaining(entry -> action.accept(entry.key, entry.value));
        }
    }

    /// @return the buffer with the item in it
    public TenantBuffer append(TenantId tenant, TenantBuffer buffer, WaitingItem item) {
        items.put(itemKey(tenant, buffer.nextItem()), item);
        TenantBuffer after = buffer.after(item);
        put(tenant, after);
        return after;
    }

    /// Reads waiting items, oldest first, as far as the reader wants.
    public <T> T items(TenantId tenant, TenantBuffer buffer, Function<Iterator<WaitingItem>, T> reader) {
        try (KeyValueIterator<String, WaitingItem> range =
                items.range(itemKey(tenant, buffer.firstWaiting()), itemKey(tenant, buffer.nextItem() - 1))) {
            return reader.apply(new Values<>(range));
        }
    }

    /// Puts these in the place of all that waits.
    public void replaceItems(TenantId tenant, TenantBuffer buffer, List<WaitingItem> kept) {
        removeItems(tenant, buffer, Math.toIntExact(buffer.waiting()));
        for (int i = 0; i < kept.size(); i++) items.put(itemKey(tenant, buffer.firstWaiting() + i), kept.get(i));
        put(tenant, buffer.afterErasure(kept));
    }

    public void removeItems(TenantId tenant, TenantBuffer buffer, int count) {
        for (long sequence = buffer.firstWaiting(); sequence < buffer.firstWaiting() + count; sequence++) {
            items.delete(itemKey(tenant, sequence));
        }
    }

    /// What is kept of a tenant's earlier batches.
    public List<WaitingItem> past(TenantId tenant) {
        List<WaitingItem> kept = new ArrayList<>();
        try (KeyValueIterator<String, WaitingItem> range =
                past.range(pastKey(tenant, 0), pastKey(tenant, Reservoir.SLOTS - 1))) {
            range.forEachRemaining(entry -> kept.add(entry.value));
        }
        return List.copyOf(kept);
    }

    /// Keeps an example of a batch that closed, if its slot is free or yields.
    public void keep(TenantId tenant, WaitingItem item) {
        String key = pastKey(tenant, Reservoir.slot(item.item().event()));
        @Nullable WaitingItem kept = past.get(key);
        if (kept == null || Reservoir.yields(kept, item)) past.put(key, item);
    }

    public void forgetPast(TenantId tenant, Predicate<WaitingItem> forget) {
        for (WaitingItem item : past(tenant)) {
            if (forget.test(item))
                past.delete(pastKey(tenant, Reservoir.slot(item.item().event())));
        }
    }

    public boolean isSeen(TenantId tenant, EventId event, Instant now) {
        return newest(seen, seenKey(tenant, event), now.minus(seenFor), now).isPresent();
    }

    public void see(TenantId tenant, EventId event, long offset, Instant now) {
        seen.put(seenKey(tenant, event), offset, now.toEpochMilli());
    }

    public Optional<Answer> answer(TenantId tenant, InferenceId inference, Instant now) {
        return newest(answers, answerKey(tenant, inference), now.minus(answersFor), now);
    }

    public void put(TenantId tenant, InferenceId inference, Answer answer, Instant now) {
        answers.put(answerKey(tenant, inference), answer, now.toEpochMilli());
    }

    /// Remembers whose words an answer belongs to: who judged it had asked for it.
    public void judged(TenantId tenant, SubjectId subject, InferenceId inference, Instant now) {
        judged.put(judgedPrefix(tenant, subject) + inference, inference.value(), now.toEpochMilli());
    }

    /// Forgets the answers that a person judged, as long as answers are kept.
    public void forgetAnswers(TenantId tenant, SubjectId subject, Instant now) {
        String prefix = judgedPrefix(tenant, subject);
        Set<InferenceId> theirs = new HashSet<>();
        try (KeyValueIterator<Windowed<String>, String> found =
                judged.fetch(prefix, prefix + LAST, now.minus(answersFor), now)) {
            found.forEachRemaining(entry -> {
                if (entry.key.key().startsWith(prefix)) theirs.add(new InferenceId(entry.value));
            });
        }
        for (InferenceId inference : theirs) {
            remove(answers, answerKey(tenant, inference), now.minus(answersFor), now);
            remove(judged, prefix + inference, now.minus(answersFor), now);
        }
    }

    private static <V> void remove(WindowStore<String, V> store, String key, Instant from, Instant to) {
        List<Long> times = new ArrayList<>();
        try (WindowStoreIterator<V> found = store.fetch(key, from, to)) {
            found.forEachRemaining(entry -> times.add(entry.key));
        }
        for (long time : times) removeAt(store, key, time);
    }

    // Kafka takes null for the removal of a key.
    @SuppressWarnings("NullAway")
    private static <V> void removeAt(WindowStore<String, V> store, String key, long time) {
        store.put(key, null, time);
    }

    /// All of a tenant's, the oldest first.
    public List<Lesson> lessons(TenantId tenant) {
        List<Lesson> found = new ArrayList<>();
        try (KeyValueIterator<String, Lesson> range =
                lessons.range(itemKey(tenant, 0), itemKey(tenant, Long.MAX_VALUE))) {
            range.forEachRemaining(entry -> found.add(entry.value));
        }
        return List.copyOf(found);
    }

    public Optional<Lesson> lesson(VersionId version) {
        return Optional.ofNullable(lessons.get(itemKey(version.tenant(), version.number())));
    }

    public void put(Lesson lesson) {
        lessons.put(itemKey(lesson.batch().tenant(), lesson.batch().number()), lesson);
    }

    public Optional<BatchReopened> reopened(BatchId batch) {
        return Optional.ofNullable(reopened.get(itemKey(batch.tenant(), batch.number())));
    }

    public void put(BatchReopened batch) {
        reopened.put(itemKey(batch.batch().tenant(), batch.batch().number()), batch);
    }

    public void removeReopened(BatchId batch) {
        reopened.delete(itemKey(batch.tenant(), batch.number()));
    }

    public Optional<WrappedKey> key(TenantId tenant, SubjectId subject) {
        return Optional.ofNullable(keys.get(subjectKey(tenant, subject)));
    }

    public void putKey(TenantId tenant, SubjectId subject, WrappedKey key) {
        keys.put(subjectKey(tenant, subject), key);
    }

    public void removeKey(TenantId tenant, SubjectId subject) {
        keys.delete(subjectKey(tenant, subject));
    }

    public void put(Waiting feedback) {
        waiting.put(feedback.key(), feedback);
    }

    public void remove(Waiting feedback) {
        waiting.delete(feedback.key());
    }

    public void eachWaiting(Consumer<Waiting> action) {
        try (KeyValueIterator<String, Waiting> all = waiting.all()) {
            all.forEachRemaining(entry -> action.accept(entry.value));
        }
    }

    public List<Waiting> waitingFor(TenantId tenant, InferenceId inference) {
        List<Waiting> found = new ArrayList<>();
        try (KeyValueIterator<String, Waiting> all =
                waiting.prefixScan(Waiting.prefix(tenant, inference), new StringSerializer())) {
            all.forEachRemaining(entry -> found.add(entry.value));
        }
        return List.copyOf(found);
    }

    private static <V> Optional<V> newest(WindowStore<String, V> store, String key, Instant from, Instant to) {
        try (WindowStoreIterator<V> found = store.backwardFetch(key, from, to)) {
            return found.hasNext() ? Optional.of(found.next().value) : Optional.empty();
        }
    }

    private static String itemKey(TenantId tenant, long sequence) {
        return "%s %019d".formatted(tenant, sequence);
    }

    private static String pastKey(TenantId tenant, int slot) {
        return "%s %03d".formatted(tenant, slot);
    }

    private static String seenKey(TenantId tenant, EventId event) {
        return tenant + " " + event;
    }

    private static String subjectKey(TenantId tenant, SubjectId subject) {
        return tenant + " " + subject;
    }

    /// A control character is in no subject, so no two people's keys begin alike.
    private static String judgedPrefix(TenantId tenant, SubjectId subject) {
        return tenant + " " + subject + "\u0000";
    }

    private static String answerKey(TenantId tenant, InferenceId inference) {
        return tenant + " " + inference;
    }

    /// The values of a store's iterator, which the caller closes.
    private record Values<V>(Iterator<KeyValue<String, V>> entries) implements Iterator<V> {
        @Override
        public boolean hasNext() {
            return entries.hasNext();
        }

        @Override
        public V next() {
            return entries.next().value;
        }
    }
}
