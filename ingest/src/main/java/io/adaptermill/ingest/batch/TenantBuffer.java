package io.adaptermill.ingest.batch;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.TenantId;
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
public record TenantBuffer(
        long firstWaiting,
        long nextItem,
        long tokens,
        Optional<Instant> oldest,
        long nextBatch,
        Optional<InFlight> inFlight,
        Optional<AdapterRef> head,
        long holdoutThrough) {
    public static final TenantBuffer EMPTY =
            new TenantBuffer(1, 1, 0, Optional.empty(), 1, Optional.empty(), Optional.empty(), 0);

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
                holdoutThrough);
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
                holdoutThrough);
    }

    public TenantBuffer afterHoldout() {
        return new TenantBuffer(firstWaiting, nextItem, tokens, oldest, nextBatch, inFlight, head, holdoutThrough + 1);
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
                holdoutThrough);
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
        return settled(
                new BatchId(decision.version().tenant(), decision.version().number()), newHead);
    }

    public TenantBuffer after(TrainingFailed failure) {
        return settled(failure.batch(), head);
    }

    private boolean isNewer(AdapterRef candidate) {
        return head.map(ref -> ref.version().number() < candidate.version().number())
                .orElse(true);
    }

    /// Only its own decision ends a batch's flight.
    private TenantBuffer settled(BatchId batch, Optional<AdapterRef> newHead) {
        return new TenantBuffer(
                firstWaiting,
                nextItem,
                tokens,
                oldest,
                nextBatch,
                inFlight.filter(flight -> !flight.batch().equals(batch)),
                newHead,
                holdoutThrough);
    }
}
