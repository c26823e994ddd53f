package io.adaptermill.promoter.request;

import io.adaptermill.promoter.live.Link;
import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionAnswered.Mode;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// Decides what people ask for. Optimistic: a request counts only against the champion that it names.
public final class Requests {
    private Requests() {}

    public static RequestDecision decide(ServingLine line, TenantControl control, PromotionRequested request) {
        Optional<VersionId> serving = line.serving().adapter().map(AdapterRef::version);
        if (!request.champion().equals(serving)) {
            return new RequestDecision.Conflict(
                    named(serving) + " serves, not " + named(request.champion()) + ": look again, then ask again");
        }
        return switch (request.action()) {
            case APPROVE -> approve(control, request.version().orElseThrow());
            case REJECT -> reject(control, request.version().orElseThrow());
            case ROLL_BACK -> rollBack(line, request.version());
            case PAUSE -> new RequestDecision.Switch(Mode.PAUSED);
            case RESUME -> new RequestDecision.Switch(Mode.RUNNING);
            case PIN -> new RequestDecision.Switch(Mode.PINNED);
        };
    }

    private static RequestDecision approve(TenantControl control, VersionId version) {
        return control.find(version)
                .<RequestDecision>map(RequestDecision.Approve::new)
                .orElseGet(() -> notWaiting(version));
    }

    private static RequestDecision reject(TenantControl control, VersionId version) {
        return control.find(version)
                .<RequestDecision>map(RequestDecision.Reject::new)
                .orElseGet(() -> notWaiting(version));
    }

    private static RequestDecision notWaiting(VersionId version) {
        return new RequestDecision.Refuse(
                version + " does not wait for anybody: its gates did not approve it, or it was decided, or another"
                        + " version serves since");
    }

    /// @param version absent for what served before
    private static RequestDecision rollBack(ServingLine line, Optional<VersionId> version) {
        if (line.before().isEmpty()) {
            return new RequestDecision.Refuse(named(Optional.empty()) + " serves, and nothing is before it");
        }
        ServingLine left = line.rolledBack();
        while (version.isPresent()
                && !is(left.serving(), version)
                && left.before().isPresent()) {
            left = left.rolledBack();
        }
        return version.isEmpty() || is(left.serving(), version)
                ? new RequestDecision.RollBack(left)
                : new RequestDecision.Refuse(named(version) + " did not serve before what serves now");
    }

    private static boolean is(Link link, Optional<VersionId> version) {
        return link.adapter().map(AdapterRef::version).equals(version);
    }

    private static String named(Optional<VersionId> version) {
        return version.map(VersionId::toString).orElse("the base model");
    }
}
