package io.adaptermill.ingest.store;

import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.defence.Passed;
import io.adaptermill.ingest.defence.Pulse;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// What one task remembers of events that were let through, and holds of those that were not. Owned by the task's
/// thread.
public final class DefenceStores {
    private final KeyValueStore<TenantId, Pulse> pulses;
    private final KeyValueStore<String, Passed> recent;
    private final KeyValueStore<String, WaitingItem> quarantine;

    public DefenceStores(ProcessorContext<?, ?> context) {
        this.pulses = context.getStateStore(StoreBuilders.PULSES);
        this.recent = context.getStateStore(StoreBuilders.RECENT);
        this.quarantine = context.getStateStore(StoreBuilders.QUARANTINE);
    }

    public Pulse pulse(TenantId tenant) {
        @Nullable Pulse pulse = pulses.get(tenant);
        return pulse == null ? Pulse.FIRST : pulse;
    }

    public void put(TenantId tenant, Pulse pulse) {
        pulses.put(tenant, pulse);
    }

    /// Oldest first.
    public List<Passed> recent(TenantId tenant) {
        return scan(recent, tenant).stream()
                .sorted(Comparator.comparingLong(Passed::sequence))
                .toList();
    }

    public void remember(TenantId tenant, Passed entry) {
        recent.put(key(tenant, entry), entry);
    }

    public void forget(TenantId tenant, Passed entry) {
        recent.delete(key(tenant, entry));
    }

    public List<WaitingItem> quarantined(TenantId tenant) {
        return scan(quarantine, tenant);
    }

    public Optional<WaitingItem> quarantined(TenantId tenant, EventId event) {
        return Optional.ofNullable(quarantine.get(key(tenant, event)));
    }

    public void quarantine(TenantId tenant, WaitingItem item) {
        quarantine.put(key(tenant, item.item().event()), item);
    }

    public void release(TenantId tenant, EventId event) {
        quarantine.delete(key(tenant, event));
    }

    private static <V> List<V> scan(KeyValueStore<String, V> store, TenantId tenant) {
        List<V> found = new ArrayList<>();
        try (KeyValueIterator<String, V> all = store.prefixScan(tenant + " ", new StringSerializer())) {
            all.forEachRemaining(entry -> found.add(entry.value));
        }
        return found;
    }

    private static String key(TenantId tenant, Passed entry) {
        return tenant + " " + entry.sequence();
    }

    private static String key(TenantId tenant, EventId event) {
        return tenant + " " + event;
    }
}
