package io.adaptermill.ingest.batch;

import io.adaptermill.ingest.erasure.Forgetting;
import io.adaptermill.ingest.erasure.Relearning;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where one tenant stands: what waits, which batch is out, what the next one builds on. The items
/// themselves lie beside it, by their sequence numbers.
///
/// @param firstWaiting sequence number of the oldest waiting item; equals `nextItem` if none waits
/// @param nextItem sequence number of the next item to come
/// @param tokens estimated, of all waiting items
/// @param oldest since when the oldest item waits
/// @param nextBatch number of the batch that closes next
/// @param head what the next batch continues from; absent for the bare base model
/// @param holdoutThrough sequence number of the last hold-out example, 0 if none
/// @param relearning what is learned once more before anything new; absent if nothing is
public record TenantBuffer(
        long firstWaiting,
        long nextItem,
        long tokens,
        Optional<Instant> oldest,
        long nextBatch,
        Optional<InFlight> inFlight,
        Optional<AdapterRef> head,
        long holdoutThrough,
        Optional<Relearning> relearning) {
    public static final TenantBuffer EMPTY =
            new TenantBuffer(1, 1, 0, Optional.empty(), 1, Optional.empty(), Optional.empty(), 0, Optional.empty());

    public long waiting() {
        return nextItem - firstWaiting;
    }

    public TenantBuffer after(WaitingItem item) {
        return new TenantBuffer(
                firstWaiting,
                nextItem + 1,
                tokens + item.tokens(),
                oldest.or(() -> Optional.of(item.since())),
                nextBatch,
                inFlight,
                head,
                holdoutThrough,
                relearning);
    }

    /// @param kept what still waits, oldest first, now under the sequence numbers from `firstWaiting` on
    public TenantBuffer afterErasure(List<WaitingItem> kept) {
        return new TenantBuffer(
                firstWaiting,
                firstWaiting + kept.size(),
                kept.stream().mapToLong(WaitingItem::tokens).sum(),
                kept.stream().findFirst().map(WaitingItem::since),
                nextBatch,
                inFlight,
                head,
                holdoutThrough,
                relearning);
    }

    public TenantBuffer afterHoldout() {
        return new TenantBuffer(
                firstWaiting, nextItem, tokens, oldest, nextBatch, inFlight, head, holdoutThrough + 1, relearning);
    }

    /// @param taken the oldest items, which are in the batch
    /// @param nextOldest since when the oldest of the others waits
    public TenantBuffer afterClosing(
            TenantId tenant, List<WaitingItem> taken, Optional<Instant> nextOldest, Instant now) {
        long takenTokens = taken.stream().mapToLong(WaitingItem::tokens).sum();
        return new TenantBuffer(
                firstWaiting + taken.size(),
                nextItem,
                tokens - takenTokens,
                nextOldest,
                nextBatch + 1,
                Optional.of(new InFlight(new BatchId(tenant, nextBatch), now)),
                head,
                holdoutThrough,
                relearning);
    }

    /// A promoted version is always what comes next builds on, and so is what a roll-back returned to. A held one
    /// only if it is newer than that: its decision may come after the wait for it ended. A refused one changes
    /// nothing, unless it was held before and a person left it behind.
    public TenantBuffer after(PromotionDecided decision) {
        Optional<AdapterRef> newHead = switch (decision.outcome()) {
            case PROMOTED, ROLLED_BACK -> decision.championAfter();
            case HELD -> isNewer(decision.ref()) ? Optional.of(decision.ref()) : head;
            case REFUSED -> head.equals(Optional.of(decision.ref())) ? decision.championBefore() : head;
        };
        BatchId batch = batch(decision.version());
        Optional<Relearning> onward =
                isInFlight(batch) ? relearning.map(way -> way.goingOnFrom(decision.ref())) : relearning;
        return settled(batch, newHead, onward);
    }

    public TenantBuffer after(TrainingFailed failure) {
        return settled(failure.batch(), head, relearning);
    }

    /// What learned from the person is out of the line that training goes on from, and what others taught on it is
    /// learned once more.
    ///
    /// @param request id of the event that asked for it
    public TenantBuffer after(Forgetting forgetting, EventId request) {
        Optional<BatchId> lost = inFlight.map(InFlight::batch).filter(forgetting::isErased);
        Optional<AdapterRef> tip = relearning.map(Relearning::parent).orElse(head);
        Optional<AdapterRef> parent = lost.map(forgetting::parent).orElse(tip);
        Optional<BatchId> youngest =
                inFlight.isPresent() ? lost : tip.map(AdapterRef::version).map(TenantBuffer::batch);
        List<SubjectErased.Again> steps =
                forgetting.again(youngest, relearning.map(Relearning::steps).orElse(List.of()));
        return new TenantBuffer(
                firstWaiting,
                nextItem,
                tokens,
                oldest,
                nextBatch,
                lost.isPresent() ? Optional.empty() : inFlight,
                forgetting.clean(head),
                holdoutThrough,
                steps.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Relearning(request, steps, forgetting.clean(parent))));
    }

    /// The next batch to be learned once more is closed, as the tenant's next.
    public TenantBuffer afterClosingAgain(TenantId tenant, Instant now) {
        return new TenantBuffer(
                firstWaiting,
                nextItem,
                tokens,
                oldest,
                nextBatch + 1,
                Optional.of(new InFlight(new BatchId(tenant, nextBatch), now)),
                head,
                holdoutThrough,
                relearning.map(Relearning::afterStep));
    }

    /// Nothing is left of the next batch to be learned once more.
    public TenantBuffer afterNothingLeft() {
        return new TenantBuffer(
                firstWaiting,
                nextItem,
                tokens,
                oldest,
                nextBatch,
                inFlight,
                head,
                holdoutThrough,
                relearning.map(Relearning::afterStep).filter(way -> !way.steps().isEmpty()));
    }

    private boolean isInFlight(BatchId batch) {
        return inFlight.filter(flight -> flight.batch().equals(batch)).isPresent();
    }

    private static BatchId batch(VersionId version) {
        return new BatchId(version.tenant(), version.number());
    }

    private boolean isNewer(AdapterRef candidate) {
        return head.map(ref -> ref.version().number() < candidate.version().number())
                .orElse(true);
    }

    /// Only its own decision ends a batch's flight, and the flight of the last step ends the way back.
    private TenantBuffer settled(BatchId batch, Optional<AdapterRef> newHead, Optional<Relearning> way) {
        boolean isOver =
                isInFlight(batch) && way.filter(it -> !it.steps().isEmpty()).isEmpty();
        Optional<Relearning> onward = isOver ? Optional.empty() : way;
        return new TenantBuffer(
                firstWaiting,
                nextItem,
                tokens,
                oldest,
                nextBatch,
                inFlight.filter(flight -> !flight.batch().equals(batch)),
                newHead,
                holdoutThrough,
                onward);
    }
}
