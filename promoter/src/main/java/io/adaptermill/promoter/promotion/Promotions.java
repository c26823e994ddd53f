package io.adaptermill.promoter.promotion;

import io.adaptermill.promoter.promotion.Decision.AlreadyDecided;
import io.adaptermill.promoter.promotion.Decision.Await;
import io.adaptermill.promoter.promotion.Decision.Hold;
import io.adaptermill.promoter.promotion.Decision.Promote;
import io.adaptermill.promoter.promotion.Decision.Refuse;
import io.adaptermill.promoter.promotion.Decision.Try;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.policy.Approval;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.Rollout;
import java.util.Locale;
import java.util.Optional;

/// Decides each candidate once, and keeps a tenant's promotions one chain.
///
/// Optimistic: an evaluation counts only against the champion that it names. If another serves by now, the
/// evidence is about a contest that is over, and the candidate is refused whatever it showed. The chain
/// only goes forward: a version older than what serves is refused too, since going back is a roll-back and
/// never a promotion.
public final class Promotions {
    /// Why a version must not serve whatever it showed.
    public static final String ERASED = "it learned from somebody who asked to be forgotten";

    private Promotions() {}

    /// @param byItself whether an approved candidate serves without a person's word
    /// @param trying whether another candidate answers some conversations already
    public static Decision decide(PromotionState state, AdapterEvaluated evaluation, boolean byItself, boolean trying) {
        if (state.hasDecided(evaluation.version())) {
            return new AlreadyDecided(evaluation.version());
        }
        if (state.isErased(evaluation.version())) return new Refuse(ERASED);
        return switch (evaluation.verdict()) {
            case REJECTED -> new Refuse(evaluation.reason());
            case APPROVED -> obstacle(state, evaluation).orElseGet(() -> approved(evaluation, byItself, trying));
            case NEEDS_MORE_EVIDENCE -> obstacle(state, evaluation).orElseGet(() -> new Hold(evaluation.reason()));
        };
    }

    private static Decision approved(AdapterEvaluated evaluation, boolean byItself, boolean trying) {
        GatePolicy policy = evaluation.policy().orElse(GatePolicy.DEFAULT);
        if (!byItself || policy.approval().equals(Optional.of(Approval.PERSON))) {
            return new Await("approved by its gates, waits for a person: " + evaluation.reason());
        }
        if (trying) {
            return new Await("approved by its gates, waits while another candidate is tried: " + evaluation.reason());
        }
        return switch (policy.rollout().orElse(Rollout.DEFAULT)) {
            case Rollout.Immediate _ -> new Promote(evaluation.reason());
            case Rollout.Canary plan -> new Try(plan, tried(plan) + evaluation.reason());
        };
    }

    private static String tried(Rollout.Canary plan) {
        return String.format(
                Locale.ROOT, "approved by its gates, answers %.3g %% of conversations first: ", 100 * plan.share());
    }

    private static Optional<Decision> obstacle(PromotionState state, AdapterEvaluated evaluation) {
        if (!evaluation.champion().equals(state.champion())) {
            return Optional.of(new Refuse("stale evidence: " + evaluation.version() + " was compared with "
                    + named(evaluation.champion()) + ", but " + named(state.champion()) + " serves by now"));
        }
        return state.champion()
                .filter(champion ->
                        champion.version().number() > evaluation.version().number())
                .map(champion -> new Refuse("overtaken: " + evaluation.version() + " is older than "
                        + named(state.champion()) + ", which serves by now"));
    }

    private static String named(Optional<AdapterRef> champion) {
        return champion.map(ref -> ref.version().toString()).orElse("the base model");
    }
}
