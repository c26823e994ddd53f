package io.adaptermill.evaluator.evidence;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the log says about each tenant, as far as judging needs it.
///
/// Bounded: the newest hold-out examples as of the oldest candidate that waits for its verdict, and what came after. A
/// busy tenant gets far more hold-out while a batch is trained than one candidate is judged on; keeping the newest of
/// all would leave that candidate without any.
///
/// Written by the follower's thread, read by the judging thread; all methods lock.
public final class TenantEvidence {
    /// What may wait beyond the candidate at hand; more than ingest lets a tenant's buffer grow by in a batch's time.
    private static final int HOLDOUT_KEPT_MAX = 8_192;

    private final Map<TenantId, Record> tenants = new HashMap<>();

    /// One tenant's.
    private static final class Record {
        private final NavigableMap<Long, HoldoutAssigned> holdout = new TreeMap<>();
        private final Map<VersionId, Long> holdoutThrough = new HashMap<>();
        private final Set<VersionId> served = new HashSet<>();
        /// Up to which example each person asked to be forgotten; examples and erasures come in either order.
        private final Map<SubjectId, Long> erasures = new HashMap<>();
        /// Examples that judged until they were erased.
        private final Set<Long> dropped = new HashSet<>();
        private Optional<AdapterRef> champion = Optional.empty();
        private GatePolicy policy = GatePolicy.DEFAULT;
        private long lastDecided;
        /// Of the last hold-out example read, whether it is still there or erased.
        private long readThrough;

        /// The hold-out of the next candidate ends here or later.
        private long nextThrough() {
            return holdoutThrough.entrySet().stream()
                    .filter(trained -> trained.getKey().number() > lastDecided)
                    .mapToLong(Map.Entry::getValue)
                    .min()
                    .orElseGet(() -> holdoutThrough.values().stream()
                            .mapToLong(Long::longValue)
                            .max()
                            .orElse(0));
        }

        private boolean isErased(HoldoutAssigned example) {
            return example.subject()
                    .filter(subject -> erasures.getOrDefault(subject, 0L) >= example.sequence())
                    .isPresent();
        }

        private void forget() {
            long neededFrom = nextThrough() - policy.holdoutExamplesMax() + 1;
            holdout.headMap(neededFrom, false).clear();
            while (holdout.size() > HOLDOUT_KEPT_MAX) holdout.pollFirstEntry();
        }
    }

    /// What one candidate is judged on.
    ///
    /// @param holdout by sequence number
    /// @param earlierThrough sequence number of the last example that the champion was approved on, 0 if none
    public record Case(
            GatePolicy policy,
            Optional<AdapterRef> champion,
            NavigableMap<Long, Example> holdout,
            long earlierThrough) {
        public List<Question> questions() {
            return holdout.values().stream().map(Question::of).toList();
        }
    }

    public synchronized void assigned(TenantId tenant, HoldoutAssigned event) {
        Record record = record(tenant);
        if (!record.isErased(event)) record.holdout.put(event.sequence(), event);
        record.readThrough = Math.max(record.readThrough, event.sequence());
        record.forget();
        notifyAll();
    }

    /// An example that nobody can read any more; nothing waits for it.
    public synchronized void erased(TenantId tenant, long sequence) {
        Record record = record(tenant);
        record.readThrough = Math.max(record.readThrough, sequence);
        notifyAll();
    }

    /// What a person said before they asked to be forgotten judges nothing any more.
    public synchronized void erased(TenantId tenant, SubjectErased event) {
        Record record = record(tenant);
        record.erasures.merge(event.subject(), event.holdoutThrough(), Math::max);
        List<HoldoutAssigned> theirs =
                record.holdout.values().stream().filter(record::isErased).toList();
        for (HoldoutAssigned example : theirs) {
            record.holdout.remove(example.sequence());
            record.dropped.add(example.sequence());
        }
    }

    /// Whether all that a case holds may still judge.
    public synchronized boolean isCurrent(TenantId tenant, Case about) {
        return Collections.disjoint(record(tenant).dropped, about.holdout().keySet());
    }

    public synchronized void trained(TenantId tenant, AdapterTrained event) {
        Record record = record(tenant);
        record.holdoutThrough.put(event.version(), event.holdoutThrough());
        record.forget();
    }

    public synchronized void decided(TenantId tenant, PromotionDecided event) {
        Record record = record(tenant);
        record.lastDecided = Math.max(record.lastDecided, event.version().number());
        if (event.moves()) record.champion = event.championAfter();
        record.champion.map(AdapterRef::version).ifPresent(record.served::add);
        // Only that of what serves, or may serve again, is asked for.
        record.holdoutThrough
                .keySet()
                .removeIf(version -> version.number() < event.version().number() && !record.served.contains(version));
        notifyAll();
    }

    public synchronized void policy(TenantId tenant, TenantPolicy policy) {
        record(tenant).policy = policy.gate();
    }

    /// Whether all that the candidate must be judged on has been read.
    public synchronized boolean isComplete(AdapterTrained candidate) {
        return record(candidate.version().tenant()).readThrough >= candidate.holdoutThrough();
    }

    /// Waits a while for more to be read.
    public synchronized void await(long millis) throws InterruptedException {
        wait(millis);
    }

    /// The hold-out as it was when the candidate's batch was closed, so that judging again gives the same.
    public synchronized Case about(AdapterTrained candidate) {
        Record record = record(candidate.version().tenant());
        long earlier = record.champion
                .map(champion -> record.holdoutThrough.getOrDefault(champion.version(), 0L))
                .orElse(0L);
        return new Case(
                record.policy,
                record.champion,
                newest(record.holdout.headMap(candidate.holdoutThrough(), true), record.policy.holdoutExamplesMax()),
                earlier);
    }

    private static NavigableMap<Long, Example> newest(NavigableMap<Long, HoldoutAssigned> examples, int count) {
        NavigableMap<Long, Example> newest = new TreeMap<>();
        for (Map.Entry<Long, HoldoutAssigned> example : examples.descendingMap().entrySet()) {
            if (newest.size() == count) break;
            newest.put(example.getKey(), example.getValue().example());
        }
        return newest;
    }

    private Record record(TenantId tenant) {
        return tenants.computeIfAbsent(tenant, _ -> new Record());
    }
}
