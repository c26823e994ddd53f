package io.adaptermill.promoter;

import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.promoter.request.RequestDecision;
import io.adaptermill.promoter.request.Requests;
import io.adaptermill.promoter.request.TenantControl;
import io.adaptermill.promoter.request.WaitingCandidate;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;

/// Does what people ask for, if it still can be done, and answers each request. Owned by its stream thread.
final class PersonRequests {
    private final TenantMemory memory;
    private final Outbox outbox;
    private final Trials trials;
    private final PromotionListener listener;

    PersonRequests(TenantMemory memory, Outbox outbox, Trials trials, PromotionListener listener) {
        this.memory = memory;
        this.outbox = outbox;
        this.trials = trials;
        this.listener = listener;
    }

    void requested(Envelope<PromotionRequested> envelope) {
        TenantId tenant = envelope.tenant();
        PromotionRequested request = envelope.event();
        String happening = request.action().word() + "/" + envelope.id();
        switch (Requests.decide(memory.line(tenant), memory.control(tenant), request)) {
            case RequestDecision.Approve(var candidate) -> {
                approve(tenant, candidate, request, happening);
                done(envelope, candidate.adapter().version() + " serves");
            }
            case RequestDecision.Reject(var candidate) -> {
                reject(tenant, candidate, request, happening);
                done(envelope, candidate.adapter().version() + " is left behind");
            }
            case RequestDecision.RollBack(var left) -> {
                rollBack(tenant, left, request, happening);
                done(envelope, left.serving().named() + " serves again");
            }
            case RequestDecision.Switch(var mode) -> {
                memory.put(tenant, memory.control(tenant).with(mode));
                done(envelope, "the tenant is " + mode.name().toLowerCase(java.util.Locale.ROOT));
            }
            case RequestDecision.Conflict(String reason) ->
                answer(envelope, PromotionAnswered.Outcome.CONFLICT, reason);
            case RequestDecision.Refuse(String reason) -> answer(envelope, PromotionAnswered.Outcome.REFUSED, reason);
        }
    }

    private void approve(TenantId tenant, WaitingCandidate candidate, PromotionRequested request, String happening) {
        ServingLine line = memory.line(tenant);
        Decision decision = new Decision.Promote(request.reason());
        listener.decided(candidate.adapter(), decision);
        outbox.decided(
                decided(candidate, PromotionOutcome.PROMOTED, line.serving().adapter(), request), happening);
        ServingLine longer = memory.control(tenant)
                .trial()
                .filter(trial -> trial.candidate().equals(candidate.adapter()))
                .map(line::promoted)
                .orElseGet(() -> line.promoted(candidate.adapter(), candidate.base(), candidate.alpha()));
        trials.end(tenant);
        memory.moved(tenant, longer);
        outbox.point(candidate.adapter(), longer.serving(), happening + "/serving");
    }

    private void reject(TenantId tenant, WaitingCandidate candidate, PromotionRequested request, String happening) {
        listener.decided(candidate.adapter(), new Decision.Refuse(request.reason()));
        Optional<AdapterRef> serving = memory.line(tenant).serving().adapter();
        outbox.decided(decided(candidate, PromotionOutcome.REFUSED, serving, request), happening);
        trials.endOf(candidate.adapter());
        memory.put(tenant, memory.control(tenant).without(candidate.adapter()));
    }

    private void rollBack(TenantId tenant, ServingLine left, PromotionRequested request, String happening) {
        AdapterRef from = memory.line(tenant).serving().adapter().orElseThrow();
        Optional<AdapterRef> to = left.serving().adapter();
        listener.decided(from, new Decision.RollBack(to, request.reason()));
        trials.end(tenant);
        memory.moved(tenant, left);
        outbox.decided(PromotionDecided.rollBack(from, to, request.reason(), request.by()), happening);
        outbox.point(from, left.serving(), happening + "/serving");
    }

    private static PromotionDecided decided(
            WaitingCandidate candidate,
            PromotionOutcome outcome,
            Optional<AdapterRef> before,
            PromotionRequested request) {
        return new PromotionDecided(
                candidate.adapter().version(),
                candidate.adapter().artifact(),
                outcome,
                before,
                request.reason(),
                Optional.empty(),
                Optional.of(request.by()));
    }

    private void done(Envelope<PromotionRequested> envelope, String reason) {
        answer(envelope, PromotionAnswered.Outcome.DONE, reason);
    }

    private void answer(Envelope<PromotionRequested> envelope, PromotionAnswered.Outcome outcome, String reason) {
        TenantControl control = memory.control(envelope.tenant());
        outbox.answered(
                envelope.tenant(),
                new PromotionAnswered(
                        envelope.id(),
                        outcome,
                        reason,
                        memory.line(envelope.tenant()).serving().adapter().map(AdapterRef::version),
                        control.mode(),
                        control.waiting().stream()
                                .map(candidate -> candidate.adapter().version())
                                .toList()));
    }
}
