package io.adaptermill.lineage.history;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the topics say of one tenant: ids and how they hang together, no texts.
///
/// Answers alone can be many: each costs its id and a reference. Used by one thread.
final class TenantLog {
    private final TenantId tenant;
    private final Map<InferenceId, Optional<VersionId>> answers = new HashMap<>();
    private final Map<VersionId, List<InferenceId>> answersOf = new HashMap<>();
    private final Map<EventId, Optional<InferenceId>> received = new HashMap<>();
    private final Map<EventId, Whereabouts> settled = new HashMap<>();
    private final Map<EventId, Whereabouts> quarantined = new HashMap<>();
    private final Map<BatchId, Set<EventId>> batches = new HashMap<>();
    private final Map<VersionId, AdapterTrained> versions = new TreeMap<>(Comparator.comparingLong(VersionId::number));
    private final Map<EventId, Set<BatchId>> trainings = new HashMap<>();
    private final Map<VersionId, List<VersionId>> children = new HashMap<>();
    private final Map<SubjectId, Set<EventId>> eventsOf = new HashMap<>();
    private final List<VersionId> promoted = new ArrayList<>();
    private Optional<VersionId> serving = Optional.empty();

    TenantLog(TenantId tenant) {
        this.tenant = tenant;
    }

    void answered(InferenceId inference, Optional<VersionId> version) {
        if (answers.put(inference, version) == null) {
            version.ifPresent(
                    id -> answersOf.computeIfAbsent(id, _ -> new ArrayList<>()).add(inference));
        }
    }

    void received(EventId event, Optional<InferenceId> judged) {
        received.putIfAbsent(event, judged);
    }

    /// A refusal never hides where the event went before: a repeated one is refused for being known.
    void refused(EventId event, Whereabouts.Refused refusal) {
        settled.putIfAbsent(event, refusal);
    }

    /// What became of it later, if anything did, counts.
    void quarantined(EventId event, Whereabouts.Quarantined place) {
        quarantined.put(event, place);
    }

    void placed(EventId event, Whereabouts place) {
        settled.put(event, place);
    }

    void closed(BatchClosed batch) {
        learned(batch.batch(), batch.taught().map(BatchItem::event).toList());
        batch.taught().forEach(item -> said(item.event(), item.subject()));
    }

    /// An event lies in the first batch that it is in; in later ones it is trained once more.
    void learned(BatchId batch, List<EventId> events) {
        batches.computeIfAbsent(batch, _ -> new LinkedHashSet<>()).addAll(events);
        for (EventId event : events) {
            trainings.computeIfAbsent(event, _ -> new HashSet<>()).add(batch);
            boolean isLater = settled.get(event) instanceof Whereabouts.InBatch(BatchId other)
                    && other.number() <= batch.number();
            if (!isLater) placed(event, new Whereabouts.InBatch(batch));
        }
    }

    void said(EventId event, Optional<SubjectId> subject) {
        subject.ifPresent(
                id -> eventsOf.computeIfAbsent(id, _ -> new LinkedHashSet<>()).add(event));
    }

    /// A roll-back takes what it leaves out of the line of versions that may serve.
    void decided(PromotionDecided decision) {
        if (!decision.moves()) return;
        serving = decision.championAfter().map(AdapterRef::version);
        if (decision.outcome() == PromotionOutcome.ROLLED_BACK) {
            while (!promoted.isEmpty() && !serving.equals(Optional.of(promoted.getLast()))) promoted.removeLast();
        } else if (!promoted.contains(decision.version())) {
            promoted.add(decision.version());
        }
    }

    /// @throws IllegalArgumentException if its parent is not an older version of the same tenant
    void trained(AdapterTrained event) {
        VersionId version = event.version();
        event.parent().ifPresent(parent -> requireOlder(version, parent.version()));
        if (versions.putIfAbsent(version, event) != null) return;
        event.parent()
                .ifPresent(parent -> children.computeIfAbsent(parent.version(), _ -> new ArrayList<>())
                        .add(version));
    }

    private static void requireOlder(VersionId version, VersionId parent) {
        if (!parent.tenant().equals(version.tenant()) || parent.number() >= version.number()) {
            throw new IllegalArgumentException(
                    "the parent of " + version + " must be an older version of its tenant, was " + parent);
        }
    }

    Optional<Lineage> ofAnswer(InferenceId inference) {
        return Optional.ofNullable(answers.get(inference))
                .map(version -> new Lineage.OfAnswer(
                        tenant, inference, version, version.map(this::descent).orElse(Descent.OF_BASE)));
    }

    Optional<Lineage> ofVersion(VersionId version) {
        if (!versions.containsKey(version)) return Optional.empty();
        List<VersionId> family = withDescendants(Set.of(version));
        return Optional.of(new Lineage.OfVersion(
                tenant, version, descent(version), family.subList(1, family.size()), answersBy(List.of(version))));
    }

    Optional<Lineage> ofEvent(EventId event) {
        if (!received.containsKey(event) && whereabouts(event) instanceof Whereabouts.Waiting) return Optional.empty();
        Whereabouts place = whereabouts(event);
        List<VersionId> trained = trainedBy(event);
        return Optional.of(
                new Lineage.OfEvent(tenant, event, judged(event), place, trained, testedBy(place), answersBy(trained)));
    }

    Optional<Lineage> ofSubject(SubjectId subject) {
        Set<EventId> theirs = eventsOf.get(subject);
        if (theirs == null) return Optional.empty();
        List<Lineage.PlacedEvent> events = theirs.stream()
                .map(event -> new Lineage.PlacedEvent(event, whereabouts(event)))
                .toList();
        List<VersionId> trained = withDescendants(events.stream()
                .flatMap(event -> trainedBy(event.event()).stream())
                .collect(Collectors.toSet()));
        List<VersionId> tested = events.stream()
                .flatMap(event -> testedBy(event.whereabouts()).stream())
                .distinct()
                .sorted(Comparator.comparingLong(VersionId::number))
                .toList();
        Optional<VersionId> lastClean = promoted.reversed().stream()
                .filter(version -> !trained.contains(version))
                .findFirst();
        return Optional.of(new Lineage.OfSubject(
                tenant, subject, events, trained, tested, answersBy(trained), serving, lastClean));
    }

    private Whereabouts whereabouts(EventId event) {
        Whereabouts place = settled.getOrDefault(event, new Whereabouts.Waiting());
        boolean isOpen = place instanceof Whereabouts.Waiting
                || place instanceof Whereabouts.Refused refused && refused.reason() == RefusalReason.DUPLICATE;
        return isOpen ? quarantined.getOrDefault(event, place) : place;
    }

    private Descent descent(VersionId youngest) {
        List<Ancestor> chain = new ArrayList<>();
        Optional<VersionId> next = Optional.of(youngest);
        while (next.isPresent()) {
            AdapterTrained version = versions.get(next.get());
            if (version == null) break;
            List<LearnedEvent> events = batches.getOrDefault(version.batch(), Set.of()).stream()
                    .map(event -> new LearnedEvent(event, judged(event)))
                    .toList();
            chain.add(new Ancestor(version.version(), version.artifact(), version.batch(), events));
            next = version.parent().map(parent -> parent.version());
        }
        return new Descent(chain);
    }

    private List<VersionId> trainedBy(EventId event) {
        return withDescendants(trainings.getOrDefault(event, Set.of()).stream()
                .map(VersionId::of)
                .filter(versions::containsKey)
                .collect(Collectors.toSet()));
    }

    private List<VersionId> testedBy(Whereabouts place) {
        if (!(place instanceof Whereabouts.HeldOut(long sequence))) return List.of();
        return versions.values().stream()
                .filter(version -> version.holdoutThrough() >= sequence)
                .map(AdapterTrained::version)
                .toList();
    }

    /// A parent is always older than its child, so the sorted versions are in an order in which parents come
    /// first.
    private List<VersionId> withDescendants(Set<VersionId> roots) {
        Set<VersionId> family = new HashSet<>(roots);
        List<VersionId> waiting = new ArrayList<>(roots);
        while (!waiting.isEmpty()) {
            for (VersionId child : children.getOrDefault(waiting.removeLast(), List.of())) {
                if (family.add(child)) waiting.add(child);
            }
        }
        return family.stream()
                .sorted(Comparator.comparingLong(VersionId::number))
                .toList();
    }

    private List<InferenceId> answersBy(Collection<VersionId> writers) {
        return writers.stream()
                .flatMap(version -> answersOf.getOrDefault(version, List.of()).stream())
                .toList();
    }

    private Optional<JudgedAnswer> judged(EventId event) {
        return received.getOrDefault(event, Optional.empty())
                .map(inference -> new JudgedAnswer(
                        inference, answers.getOrDefault(inference, Optional.empty()), answers.containsKey(inference)));
    }
}
