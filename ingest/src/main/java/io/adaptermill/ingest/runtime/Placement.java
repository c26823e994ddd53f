package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.batch.BatchDecision;
import io.adaptermill.ingest.batch.BatchPlanner;
import io.adaptermill.ingest.batch.Reservoir;
import io.adaptermill.ingest.batch.TenantBuffer;
import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.defence.Suspicion;
import io.adaptermill.ingest.erasure.Forgetting;
import io.adaptermill.ingest.erasure.Lesson;
import io.adaptermill.ingest.erasure.Relearning;
import io.adaptermill.ingest.join.Joined;
import io.adaptermill.ingest.redact.Redactor;
import io.adaptermill.ingest.screen.FeedbackScreen;
import io.adaptermill.ingest.screen.Refusal;
import io.adaptermill.ingest.split.HoldoutSplit;
import io.adaptermill.ingest.store.TenantStores;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.DefencePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Gives each accepted event its one place: the hold-out, the tenant's next batch, or a refusal. Owned by the
/// task's thread.
final class Placement {
    private final TenantStores stores;
    private final Outbox outbox;
    private final Deadlines deadlines;
    private final Defences defences;
    private final Quarantine quarantine;

    Placement(TenantStores stores, Outbox outbox, Deadlines deadlines, Defences defences, Quarantine quarantine) {
        this.stores = stores;
        this.outbox = outbox;
        this.deadlines = deadlines;
        this.defences = defences;
        this.quarantine = quarantine;
    }

    void place(Source source, Feedback feedback, Joined joined, TenantPolicy policy, Instant now) {
        switch (joined) {
            case Joined.Unlearnable(String detail) ->
                refuse(source, new Refusal(RefusalReason.CONTRACT_VIOLATION, detail), now);
            case Joined.NeedsAnswer(var inference) ->
                throw new IllegalStateException("feedback must be joined before it is placed, lacks " + inference);
            case Joined.Learnable(Example raw) -> {
                Example example = Redactor.redact(raw);
                Optional<Refusal> refusal = FeedbackScreen.screen(example);
                if (refusal.isPresent()) refuse(source, refusal.get(), now);
                else inspect(source, feedback, example, policy, now);
            }
        }
    }

    private void inspect(Source source, Feedback feedback, Example example, TenantPolicy policy, Instant now) {
        BatchItem item = new BatchItem(source.event(), feedback.subject(), example);
        DefencePolicy limits = policy.defence().orElse(DefencePolicy.DEFAULT);
        Optional<Suspicion> suspicion = defences.inspect(source.tenant(), feedback, example, limits, now);
        if (suspicion.isEmpty()) {
            admit(source, item, policy, now);
            return;
        }
        Optional<Refusal> refusal = FeedbackScreen.screenQuarantine(quarantine.size(source.tenant()), policy.batch());
        if (refusal.isPresent()) refuse(source, refusal.get(), now);
        else quarantine.add(source, item, suspicion.get(), now);
    }

    /// What is no longer, or never was, suspicious.
    void admit(Source source, BatchItem item, TenantPolicy policy, Instant now) {
        if (HoldoutSplit.isHeldOut(source.tenant(), item.example().prompt(), policy.holdout())) {
            holdOut(source, item, now);
        } else {
            buffer(source, item, policy, now);
        }
    }

    void refuse(Source source, Refusal refusal, Instant now) {
        outbox.refuse(source.tenant(), source.event(), refusal, source.partition(), source.offset(), now);
    }

    private void holdOut(Source source, BatchItem item, Instant now) {
        TenantBuffer buffer = stores.buffer(source.tenant()).afterHoldout();
        stores.put(source.tenant(), buffer);
        outbox.holdOut(
                source.tenant(),
                new HoldoutAssigned(item.event(), buffer.holdoutThrough(), item.subject(), item.example()),
                now);
    }

    private void buffer(Source source, BatchItem item, TenantPolicy policy, Instant now) {
        TenantBuffer buffer = stores.buffer(source.tenant());
        Optional<Refusal> refusal = FeedbackScreen.screen(buffer, policy.batch());
        if (refusal.isPresent()) {
            refuse(source, refusal.get(), now);
            return;
        }
        stores.append(source.tenant(), buffer, WaitingItem.of(item, now, source.partition(), source.offset()));
        closeIfDue(source.tenant(), policy, now);
    }

    /// Takes whatever a person said out of the tenant's next batch, out of quarantine, and out of what later batches
    /// would draw again.
    void erase(TenantId tenant, SubjectId subject, Refusal erased, Instant now) {
        defences.erase(tenant, subject);
        quarantine.takeAll(tenant, subject).forEach(item -> refuse(Source.of(tenant, item), erased, now));
        stores.forgetPast(tenant, item -> isTheirs(item, subject));
        TenantBuffer buffer = stores.buffer(tenant);
        if (buffer.waiting() == 0) return;
        List<WaitingItem> all = stores.items(tenant, buffer, items -> {
            List<WaitingItem> list = new ArrayList<>();
            items.forEachRemaining(list::add);
            return list;
        });
        Map<Boolean, List<WaitingItem>> byTheirs =
                all.stream().collect(Collectors.partitioningBy(item -> isTheirs(item, subject)));
        List<WaitingItem> theirs = byTheirs.getOrDefault(true, List.of());
        if (theirs.isEmpty()) return;
        for (WaitingItem item : theirs) {
            refuse(Source.of(tenant, item), erased, now);
        }
        stores.replaceItems(tenant, buffer, byTheirs.getOrDefault(false, List.of()));
    }

    private static boolean isTheirs(WaitingItem item, SubjectId subject) {
        return item.item().subject().filter(subject::equals).isPresent();
    }

    /// Takes what learned from the person out of the line that training goes on from.
    ///
    /// @return what everybody must know of it
    SubjectErased forget(TenantId tenant, SubjectId subject, EventId request) {
        Forgetting forgetting = new Forgetting(stores.lessons(tenant), subject);
        TenantBuffer before = stores.buffer(tenant);
        TenantBuffer after = before.after(forgetting, request);
        before.relearning().ifPresent(way -> way.steps().forEach(step -> stores.removeReopened(step.batch())));
        forgetting.remembered().forEach(stores::put);
        stores.put(tenant, after);
        return new SubjectErased(
                request,
                subject,
                after.holdoutThrough(),
                forgetting.versions(),
                after.head(),
                after.relearning().map(Relearning::steps).orElse(List.of()));
    }

    /// What is left of a batch has come back, to be learned when it is its turn.
    void reopened(BatchReopened batch) {
        boolean isAwaited = stores.buffer(batch.batch().tenant())
                .relearning()
                .filter(way -> way.awaits(batch.erasure(), batch.batch()))
                .isPresent();
        if (isAwaited) stores.put(batch);
    }

    void closeIfDue(TenantId tenant, TenantPolicy policy, Instant now) {
        closeAgain(tenant, now);
        TenantBuffer buffer = stores.buffer(tenant);
        if (BatchPlanner.decide(buffer, policy.batch(), now) instanceof BatchDecision.Close(CloseReason reason)) {
            close(tenant, buffer, policy, reason, now);
        }
        deadlines.note(tenant, BatchPlanner.lookAgainAt(stores.buffer(tenant), policy.batch(), now));
    }

    /// Closes the next batch that is learned once more, if it is there and none is in flight.
    private void closeAgain(TenantId tenant, Instant now) {
        TenantBuffer buffer = stores.buffer(tenant);
        while (buffer.relearning().isPresent() && buffer.inFlight().isEmpty()) {
            Relearning way = buffer.relearning().get();
            Optional<BatchReopened> next = stores.reopened(way.next());
            if (next.isEmpty()) return;
            BatchId batch = new BatchId(tenant, buffer.nextBatch());
            long holdoutThrough = buffer.holdoutThrough();
            Optional<BatchClosed> left =
                    next.get().left().map(earlier -> earlier.again(batch, way.parent(), holdoutThrough));
            left.ifPresent(closed -> publish(closed, now));
            stores.removeReopened(way.next());
            buffer = left.isPresent() ? buffer.afterClosingAgain(tenant, now) : buffer.afterNothingLeft();
            stores.put(tenant, buffer);
        }
    }

    private void publish(BatchClosed closed, Instant now) {
        outbox.close(closed, now);
        stores.put(Lesson.of(closed, now.toEpochMilli()));
    }

    private void close(TenantId tenant, TenantBuffer buffer, TenantPolicy policy, CloseReason reason, Instant now) {
        Cut cut = stores.items(tenant, buffer, items -> Cut.of(items, policy));
        BatchId batch = new BatchId(tenant, buffer.nextBatch());
        publish(
                new BatchClosed(
                        batch,
                        BatchPlanner.reason(cut.taken(), policy.batch(), reason),
                        buffer.head(),
                        policy.recipe(),
                        BatchPlanner.seed(batch),
                        buffer.holdoutThrough(),
                        cut.taken().stream().mapToInt(WaitingItem::tokens).sum(),
                        cut.taken().stream().map(WaitingItem::item).toList(),
                        Optional.of(replayed(tenant, batch, cut.taken().size(), policy))),
                now);
        keepForReplay(tenant, cut.taken(), policy);
        stores.removeItems(tenant, buffer, cut.taken().size());
        stores.put(tenant, buffer.afterClosing(tenant, cut.taken(), cut.nextOldest(), now));
    }

    private List<BatchItem> replayed(TenantId tenant, BatchId batch, int fresh, TenantPolicy policy) {
        if (!(policy.recipe().continual().orElse(Continual.DEFAULT) instanceof Continual.Replay replay)) {
            return List.of();
        }
        return Reservoir.draw(
                        stores.past(tenant),
                        replay.beside(fresh),
                        policy.batch().tokensMax(),
                        batch)
                .stream()
                .map(WaitingItem::item)
                .toList();
    }

    /// A tenant that does not ask for replay has nothing kept.
    private void keepForReplay(TenantId tenant, List<WaitingItem> taken, TenantPolicy policy) {
        if (policy.recipe().continual().orElse(Continual.DEFAULT) instanceof Continual.Replay) {
            taken.forEach(item -> stores.keep(tenant, item));
        } else {
            stores.forgetPast(tenant, _ -> true);
        }
    }

    /// What goes into a batch, and since when the oldest of the rest waits.
    private record Cut(List<WaitingItem> taken, Optional<Instant> nextOldest) {
        static Cut of(Iterator<WaitingItem> items, TenantPolicy policy) {
            List<WaitingItem> taken = BatchPlanner.take(items, policy.batch());
            return new Cut(taken, items.hasNext() ? Optional.of(items.next().since()) : Optional.empty());
        }
    }
}
