package io.adaptermill.promoter;

import io.adaptermill.promoter.live.AnswerState;
import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.promoter.live.Trial;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.promoter.request.TenantControl;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;

/// Lets candidates answer some conversations, and promotes or withdraws them by what people say. Owned by
/// its stream thread.
final class Trials {
    private final TenantMemory memory;
    private final Outbox outbox;
    private final PromotionListener listener;

    Trials(TenantMemory memory, Outbox outbox, PromotionListener listener) {
        this.memory = memory;
        this.outbox = outbox;
        this.listener = listener;
    }

    void start(TenantId tenant, Trial trial) {
        memory.put(tenant, memory.control(tenant).trying(trial));
        outbox.candidate(trial);
    }

    /// Whoever decides otherwise about the candidate, or moves what it is compared with, says so first.
    void end(TenantId tenant) {
        TenantControl control = memory.control(tenant);
        if (control.trial().isEmpty()) return;
        memory.put(tenant, control.withoutTrial());
        outbox.noCandidate(tenant);
    }

    /// Ends it only if this is the candidate.
    void endOf(AdapterRef candidate) {
        TenantId tenant = candidate.version().tenant();
        if (memory.control(tenant).tries(candidate)) end(tenant);
    }

    void voted(TenantId tenant, AnswerState.Vote vote) {
        memory.control(tenant).trial().ifPresent(before -> {
            Trial trial = before.rated(vote.version(), vote.good());
            memory.put(tenant, memory.control(tenant).trying(trial));
            follow(tenant, trial);
        });
    }

    private void follow(TenantId tenant, Trial trial) {
        TenantControl control = memory.control(tenant);
        switch (trial.standing()) {
            case Trial.Standing.Open _ -> {}
            case Trial.Standing.Proven(String reason) -> {
                if (control.promotesByItself()) promote(tenant, trial, reason);
            }
            case Trial.Standing.Worse(String reason) -> {
                if (control.rollsBackByItself()) {
                    listener.decided(trial.candidate(), new Decision.Refuse(reason));
                    withdraw(tenant, trial, PromotionOutcome.REFUSED, reason);
                }
            }
            case Trial.Standing.Exhausted(String reason) -> {
                if (control.rollsBackByItself()) {
                    listener.decided(trial.candidate(), new Decision.Hold(reason));
                    withdraw(tenant, trial, PromotionOutcome.HELD, reason);
                }
            }
        }
    }

    private void promote(TenantId tenant, Trial trial, String reason) {
        listener.decided(trial.candidate(), new Decision.Promote(reason));
        outbox.decided(decided(tenant, trial, PromotionOutcome.PROMOTED, reason), "promoted-by-ratings");
        ServingLine longer = memory.line(tenant).promoted(trial);
        end(tenant);
        memory.moved(tenant, longer);
        outbox.point(trial.candidate(), longer.serving(), "serving-by-ratings");
    }

    private void withdraw(TenantId tenant, Trial trial, PromotionOutcome outcome, String reason) {
        outbox.decided(decided(tenant, trial, outcome, reason), "withdrawn-by-ratings");
        end(tenant);
        memory.put(tenant, memory.control(tenant).without(trial.candidate()));
    }

    private PromotionDecided decided(TenantId tenant, Trial trial, PromotionOutcome outcome, String reason) {
        return new PromotionDecided(
                trial.candidate().version(),
                trial.candidate().artifact(),
                outcome,
                memory.line(tenant).serving().adapter(),
                reason,
                Optional.empty(),
                Optional.of(PromotionDecided.LIVE_RATINGS));
    }
}
