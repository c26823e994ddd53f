package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.store.Waiting;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What must be looked at as time passes: an index over the stores, so that no tick reads them all. Rebuilt from them
/// at
/// start; owned by the task's thread.
final class Deadlines {
    private final Set<TenantId> buffering = new HashSet<>();
    private final TreeSet<Waiting> waiting = new TreeSet<>(Comparator.comparing(Waiting::since)
            .thenComparing(item -> item.tenant().value())
            .thenComparing(item -> item.inference().value())
            .thenComparing(item -> item.event().value()));
    private final Map<TenantId, Integer> counts = new HashMap<>();

    void clear() {
        buffering.clear();
        waiting.clear();
        counts.clear();
    }

    void note(TenantId tenant, boolean isBuffering) {
        if (isBuffering) buffering.add(tenant);
        else buffering.remove(tenant);
    }

    List<TenantId> buffering() {
        return List.copyOf(buffering);
    }

    void add(Waiting item) {
        if (waiting.add(item)) counts.merge(item.tenant(), 1, Integer::sum);
    }

    void remove(Waiting item) {
        if (waiting.remove(item)) counts.computeIfPresent(item.tenant(), (_, n) -> n == 1 ? null : n - 1);
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
}
