package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.defence.Suspicion;
import io.adaptermill.ingest.store.DefenceStores;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Events that wait for a person's word. Owned by the task's thread.
final class Quarantine {
    private final DefenceStores stores;
    private final Outbox outbox;
    private final Map<TenantId, Integer> sizes = new HashMap<>();

    Quarantine(DefenceStores stores, Outbox outbox) {
        this.stores = stores;
        this.outbox = outbox;
    }

    int size(TenantId tenant) {
        return sizes.computeIfAbsent(
                tenant, unknown -> stores.quarantined(unknown).size());
    }

    void add(Source source, BatchItem item, Suspicion suspicion, Instant now) {
        sizes.put(source.tenant(), size(source.tenant()) + 1);
        stores.quarantine(source.tenant(), WaitingItem.of(item, now, source.partition(), source.offset()));
        outbox.quarantine(
                source.tenant(),
                new FeedbackQuarantined(
                        item.event(),
                        item.subject(),
                        item.example(),
                        suspicion.reason(),
                        suspicion.detail(),
                        source.partition(),
                        source.offset()),
                now);
    }

    /// Takes an event out, if it is in.
    Optional<WaitingItem> take(TenantId tenant, EventId event) {
        Optional<WaitingItem> item = stores.quarantined(tenant, event);
        if (item.isPresent()) {
            sizes.put(tenant, size(tenant) - 1);
            stores.release(tenant, event);
        }
        return item;
    }

    /// Takes out whatever a person said.
    List<WaitingItem> takeAll(TenantId tenant, SubjectId subject) {
        if (size(tenant) == 0) return List.of();
        List<WaitingItem> theirs = stores.quarantined(tenant).stream()
                .filter(item -> item.item().subject().filter(subject::equals).isPresent())
                .toList();
        theirs.forEach(item -> take(tenant, item.item().event()));
        return theirs;
    }
}
