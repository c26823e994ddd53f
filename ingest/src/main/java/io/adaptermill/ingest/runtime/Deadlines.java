package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.store.Waiting;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What must be looked at as time passes: an index over the stores, so that no tick reads them all. Rebuilt
/// from them at start; owned by the task's thread.
final class Deadlines {
    /// Before all other tenants in their order.
    private static final TenantId FIRST = new TenantId("0");

    private final Map<TenantId, Instant> lookAt = new HashMap<>();
    private final TreeSet<Due> due = new TreeSet<>(
            Comparator.comparing(Due::at).thenComparing(item -> item.tenant().value()));
    private final TreeSet<Waiting> waiting = new TreeSet<>(Comparator.comparing(Waiting::since)
            .thenComparing(item -> item.tenant().value())
            .thenComparing(item -> item.inference().value())
            .thenComparing(item -> item.event().value()));
    private final Map<TenantId, Integer> counts = new HashMap<>();

    void clear() {
        lookAt.clear();
        due.clear();
        waiting.clear();
        counts.clear();
    }

    /// @param at when to look at its buffer; absent if time does not matter to it
    void note(TenantId tenant, Optional<Instant> at) {
        @Nullable Instant before = lookAt.remove(tenant);
        if (before != null) due.remove(new Due(before, tenant));
        at.ifPresent(instant -> {
            lookAt.put(tenant, instant);
            due.add(new Due(instant, tenant));
        });
    }

    /// Everyone whose buffer time matters to.
    List<TenantId> buffering() {
        return List.copyOf(lookAt.keySet());
    }

    /// Those to look at now, longest overdue first.
    List<TenantId> due(Instant now) {
        return due.headSet(new Due(now.plusNanos(1), FIRST)).stream()
                .map(Due::tenant)
                .toList();
    }

    void add(Waiting item) {
        if (waiting.add(item)) counts.merge(item.tenant(), 1, Integer::sum);
    }

    void remove(Waiting item) {
        if (waiting.remove(item)) counts.computeIfPresent(item.tenant(), (_, n) -> n == 1 ? null : n - 1);
    }

    List<Waiting> waitingOf(TenantId tenant) {
        return waiting.stream().filter(item -> item.tenant().equals(tenant)).toList();
    }

    int waiting(TenantId tenant) {
        return counts.getOrDefault(tenant, 0);
    }

    /// Those that have waited since then or longer, oldest first.
    List<Waiting> waitingSince(Instant latest) {
        List<Waiting> due = new ArrayList<>();
        for (Waiting item : waiting) {
            if (item.since().isAfter(latest)) break;
            due.add(item);
        }
        return List.copyOf(due);
    }

    private record Due(Instant at, TenantId tenant) {}
}
