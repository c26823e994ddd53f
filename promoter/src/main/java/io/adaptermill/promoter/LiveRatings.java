package io.adaptermill.promoter;

import io.adaptermill.promoter.live.AnswerState;
import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.promoter.live.Signal;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;

/// Counts users' ratings for the version that answered, and takes a version back that they show to be worse.
/// Owned by its stream thread.
final class LiveRatings {
    private final TenantMemory memory;
    private final Outbox outbox;
    private final Trials trials;
    private final PromotionListener listener;

    LiveRatings(TenantMemory memory, Outbox outbox, Trials trials, PromotionListener listener) {
        this.memory = memory;
        this.outbox = outbox;
        this.trials = trials;
        this.listener = listener;
    }

    void signalled(TenantId tenant, Signal signal) {
        AnswerState.Next next = AnswerState.after(memory.answer(tenant, signal.inference()), signal);
        memory.put(tenant, signal.inference(), next.state());
        next.vote().ifPresent(vote -> voted(tenant, vote));
    }

    private void voted(TenantId tenant, AnswerState.Vote vote) {
        ServingLine line = memory.line(tenant).rated(vote.version(), vote.good());
        memory.put(tenant, line);
        Optional<String> regression = memory.control(tenant).rollsBackByItself() ? line.regression() : Optional.empty();
        if (regression.isPresent()) rollBack(tenant, line, regression.get());
        else trials.voted(tenant, vote);
    }

    private void rollBack(TenantId tenant, ServingLine line, String reason) {
        AdapterRef from = line.serving().adapter().orElseThrow();
        ServingLine left = line.rolledBack();
        Optional<AdapterRef> to = left.serving().adapter();
        listener.decided(from, new Decision.RollBack(to, reason));
        trials.end(tenant);
        memory.moved(tenant, left);
        outbox.decided(PromotionDecided.rollBack(from, to, reason, PromotionDecided.LIVE_RATINGS), "rolled-back");
        outbox.point(from, left.serving(), "serving-before");
    }
}
