package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.defence.FeedbackDefence;
import io.adaptermill.ingest.defence.FeedbackDefence.Candidate;
import io.adaptermill.ingest.defence.Passed;
import io.adaptermill.ingest.defence.Pulse;
import io.adaptermill.ingest.defence.RecentFeedback;
import io.adaptermill.ingest.defence.Suspicion;
import io.adaptermill.ingest.store.DefenceStores;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.DefencePolicy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Asks the defence about each event, and remembers what it lets through. Owned by the task's thread.
///
/// The stores are the truth; the indexes over them are kept for the tenants that were heard last.
final class Defences {
    private static final int INDEXES_MAX = 64;

    private final DefenceStores stores;
    private final Map<TenantId, RecentFeedback> indexes = new LinkedHashMap<>(INDEXES_MAX, 0.75f, true);

    Defences(DefenceStores stores) {
        this.stores = stores;
    }

    /// @return absent if it is let through
    Optional<Suspicion> inspect(
            TenantId tenant, Feedback feedback, Example example, DefencePolicy policy, Instant now) {
        if (policy.equals(DefencePolicy.NONE)) return Optional.empty();
        Candidate candidate = Candidate.of(feedback, example, policy.compared());
        RecentFeedback recent = recent(tenant);
        Pulse pulse = stores.pulse(tenant);
        Optional<Suspicion> suspicion = FeedbackDefence.suspect(candidate, recent, pulse, policy, now);
        if (suspicion.isEmpty()) {
            Passed entry = FeedbackDefence.passed(candidate, pulse, now);
            recent.add(entry);
            stores.remember(tenant, entry);
            stores.put(tenant, pulse.after(now, policy.tenantPerMinuteMax()).orElseThrow());
            recent.forgetOld(policy).forEach(old -> stores.forget(tenant, old));
        }
        return suspicion;
    }

    /// What is remembered of a person, too, was theirs.
    void erase(TenantId tenant, SubjectId subject) {
        recent(tenant)
                .forget(entry -> entry.subject().filter(subject::equals).isPresent())
                .forEach(entry -> stores.forget(tenant, entry));
    }

    private RecentFeedback recent(TenantId tenant) {
        RecentFeedback index = indexes.computeIfAbsent(tenant, _ -> {
            RecentFeedback loaded = new RecentFeedback();
            stores.recent(tenant).forEach(loaded::add);
            return loaded;
        });
        if (indexes.size() > INDEXES_MAX) {
            indexes.remove(indexes.keySet().iterator().next());
        }
        return index;
    }
}
