package io.adaptermill.ingest.erasure;

import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which erasures were asked for, and which are done: from the topics alone, in any order between them. Thread-safe.
public final class ErasureBook {
    private final Map<TenantId, Map<EventId, Entry>> tenants = new HashMap<>();

    /// One erasure.
    ///
    /// @param request absent if only its answer is known
    /// @param answer absent while it is not done
    public record Entry(Optional<ErasureRequested> request, Optional<SubjectErased> answer) {}

    /// What becomes of somebody who asks.
    public sealed interface Admission {
        /// It is new.
        record Take() implements Admission {}

        /// The very same was asked for before.
        record Known() implements Admission {}

        /// It cannot be taken as it is.
        record Conflict(String reason) implements Admission {}
    }

    public synchronized void requested(TenantId tenant, EventId id, ErasureRequested request) {
        of(tenant)
                .merge(
                        id,
                        new Entry(Optional.of(request), Optional.empty()),
                        (before, now) -> new Entry(now.request(), before.answer()));
    }

    public synchronized void erased(TenantId tenant, SubjectErased answer) {
        of(tenant)
                .merge(
                        answer.request(),
                        new Entry(Optional.empty(), Optional.of(answer)),
                        (before, now) -> new Entry(before.request(), now.answer()));
    }

    public synchronized Optional<Entry> find(TenantId tenant, EventId id) {
        return Optional.ofNullable(of(tenant).get(id));
    }

    /// The same id means the same erasure, and of one person there is one at a time: a second one would report on what
    /// the first has not done yet.
    public synchronized Admission admit(TenantId tenant, EventId id, ErasureRequested request) {
        Optional<ErasureRequested> same = find(tenant, id).flatMap(Entry::request);
        if (same.isPresent()) {
            return same.get().equals(request)
                    ? new Admission.Known()
                    : new Admission.Conflict("erasure " + id + " was asked for before, with other words");
        }
        return pending(tenant, request.subject())
                .<Admission>map(other -> new Admission.Conflict("erasure " + other + " of this person is not done yet"))
                .orElseGet(Admission.Take::new);
    }

    private Optional<EventId> pending(TenantId tenant, SubjectId subject) {
        return of(tenant).entrySet().stream()
                .filter(entry -> entry.getValue().answer().isEmpty())
                .filter(entry -> entry.getValue()
                        .request()
                        .filter(request -> request.subject().equals(subject))
                        .isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Map<EventId, Entry> of(TenantId tenant) {
        return tenants.computeIfAbsent(tenant, _ -> new LinkedHashMap<>());
    }
}
