package io.adaptermill.promoter;

import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.promoter.promotion.PromotionState;
import io.adaptermill.promoter.promotion.Promotions;
import io.adaptermill.promoter.request.WaitingCandidate;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;

/// Takes the right to serve from every version that learned from somebody who asked to be forgotten: from what serves
/// at once, from what served before, from what waits for a person, and from what is judged only later. Owned by its
/// stream thread.
final class Erasures {
    private final TenantMemory memory;
    private final Outbox outbox;
    private final Trials trials;
    private final PromotionListener listener;

    Erasures(TenantMemory memory, Outbox outbox, Trials trials, PromotionListener listener) {
        this.memory = memory;
        this.outbox = outbox;
        this.trials = trials;
        this.listener = listener;
    }

    void erased(TenantId tenant, SubjectErased erasure) {
        if (erasure.versions().isEmpty()) return;
        PromotionState state = memory.state(tenant);
        memory.put(tenant, state.erasing(erasure.versions()));
        for (WaitingCandidate candidate : memory.control(tenant).waitingAmong(erasure.versions())) {
            refuse(tenant, candidate, erasure.request());
        }
        ServingLine clean = memory.line(tenant).without(erasure.versions());
        state.champion()
                .filter(champion -> erasure.versions().contains(champion.version()))
                .ifPresentOrElse(
                        champion -> fallBack(tenant, champion, clean, erasure.request()),
                        () -> memory.put(tenant, clean));
    }

    private void fallBack(TenantId tenant, AdapterRef from, ServingLine clean, EventId request) {
        Optional<AdapterRef> to = clean.serving().adapter();
        listener.decided(from, new Decision.RollBack(to, Promotions.ERASED));
        trials.end(tenant);
        memory.moved(tenant, clean);
        outbox.decided(
                PromotionDecided.rollBack(from, to, Promotions.ERASED, PromotionDecided.ERASURE), "erased/" + request);
        outbox.point(from, clean.serving(), "erased/" + request + "/serving");
    }

    private void refuse(TenantId tenant, WaitingCandidate candidate, EventId request) {
        AdapterRef adapter = candidate.adapter();
        listener.decided(adapter, new Decision.Refuse(Promotions.ERASED));
        trials.endOf(adapter);
        memory.put(tenant, memory.control(tenant).without(adapter));
        outbox.decided(
                new PromotionDecided(
                        adapter.version(),
                        adapter.artifact(),
                        PromotionOutcome.REFUSED,
                        memory.state(tenant).champion(),
                        Promotions.ERASED,
                        Optional.empty(),
                        Optional.of(PromotionDecided.ERASURE)),
                "erased/" + request);
    }
}
