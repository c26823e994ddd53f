package io.adaptermill.promoter;

import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.promoter.live.Trial;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.promoter.promotion.PromotionState;
import io.adaptermill.promoter.promotion.Promotions;
import io.adaptermill.promoter.request.TenantControl;
import io.adaptermill.promoter.request.WaitingCandidate;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Rollout;

/// From an evaluation to a decision: asks [Promotions], remembers, publishes. Owned by its stream thread.
final class Verdicts {
    private final TenantMemory memory;
    private final Outbox outbox;
    private final Trials trials;
    private final PromotionListener listener;

    Verdicts(TenantMemory memory, Outbox outbox, Trials trials, PromotionListener listener) {
        this.memory = memory;
        this.outbox = outbox;
        this.trials = trials;
        this.listener = listener;
    }

    void decide(AdapterEvaluated evaluation) {
        TenantId tenant = evaluation.version().tenant();
        PromotionState state = memory.state(tenant);
        TenantControl control = memory.control(tenant);
        Decision decision = Promotions.decide(
                state, evaluation, control.promotesByItself(), control.trial().isPresent());
        listener.decided(evaluation.ref(), decision);
        memory.put(tenant, state.after(evaluation.ref(), decision));
        switch (decision) {
            case Decision.Promote(String reason) -> {
                publish(state, evaluation, PromotionOutcome.PROMOTED, reason);
                promote(tenant, state, evaluation);
            }
            case Decision.Await(String reason) -> {
                publish(state, evaluation, PromotionOutcome.HELD, reason);
                memory.put(tenant, control.awaiting(WaitingCandidate.of(evaluation)));
            }
            case Decision.Try(Rollout.Canary plan, String reason) -> {
                publish(state, evaluation, PromotionOutcome.HELD, reason);
                WaitingCandidate candidate = WaitingCandidate.of(evaluation);
                memory.put(tenant, control.awaiting(candidate));
                trials.start(
                        tenant,
                        Trial.of(candidate.adapter(), candidate.base(), state.champion(), plan, candidate.alpha()));
            }
            case Decision.Hold(String reason) -> publish(state, evaluation, PromotionOutcome.HELD, reason);
            case Decision.Refuse(String reason) -> publish(state, evaluation, PromotionOutcome.REFUSED, reason);
            case Decision.RollBack _ -> throw new IllegalStateException("no verdict rolls anything back");
            case Decision.AlreadyDecided _ -> {}
        }
    }

    private void publish(PromotionState before, AdapterEvaluated evaluation, PromotionOutcome outcome, String reason) {
        outbox.decided(
                new PromotionDecided(evaluation.version(), evaluation.artifact(), outcome, before.champion(), reason),
                "decided");
    }

    private void promote(TenantId tenant, PromotionState before, AdapterEvaluated evaluation) {
        WaitingCandidate candidate = WaitingCandidate.of(evaluation);
        ServingLine line =
                line(tenant, before, candidate).promoted(candidate.adapter(), candidate.base(), candidate.alpha());
        memory.moved(tenant, line);
        outbox.point(candidate.adapter(), line.serving(), "serving");
    }

    /// A champion from before lines were kept is where the tenant's line begins.
    private ServingLine line(TenantId tenant, PromotionState before, WaitingCandidate candidate) {
        ServingLine line = memory.line(tenant);
        return before.champion()
                .filter(champion -> !line.serving().adapter().equals(before.champion()))
                .map(champion -> ServingLine.NEW.promoted(champion, candidate.base(), candidate.alpha()))
                .orElse(line);
    }
}
