package io.adaptermill.promoter.promotion;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the promoter remembers of one tenant.
///
/// @param champion what serves; absent for the bare base model
/// @param decided numbers of the versions decided last, ascending, at most [#REMEMBERED]
/// @param decidedThrough versions up to this number count as decided, since nobody remembers otherwise
public record PromotionState(Optional<AdapterRef> champion, List<Long> decided, long decidedThrough) {
    /// One batch of a tenant is in flight at a time, so a repetition this old has never been due.
    static final int REMEMBERED = 64;

    public static final PromotionState NEW = new PromotionState(Optional.empty(), List.of(), 0);

    public PromotionState {
        decided = List.copyOf(decided);
    }

    boolean hasDecided(VersionId version) {
        return version.number() <= decidedThrough || decided.contains(version.number());
    }

    /// The state once this has been decided about the candidate.
    public PromotionState after(AdapterRef candidate, Decision decision) {
        return switch (decision) {
            case Decision.Promote _ -> remembering(candidate.version(), Optional.of(candidate));
            case Decision.Hold _ -> remembering(candidate.version(), champion);
            case Decision.Await _ -> remembering(candidate.version(), champion);
            case Decision.Refuse _ -> remembering(candidate.version(), champion);
            case Decision.RollBack(var to, String _) -> serving(to);
            case Decision.AlreadyDecided _ -> this;
        };
    }

    /// The state once a person let another version serve.
    public PromotionState serving(Optional<AdapterRef> other) {
        return new PromotionState(other, decided, decidedThrough);
    }

    private PromotionState remembering(VersionId version, Optional<AdapterRef> championAfter) {
        List<Long> remembered = new ArrayList<>(decided);
        remembered.add(version.number());
        remembered.sort(null);
        if (remembered.size() <= REMEMBERED) {
            return new PromotionState(championAfter, remembered, decidedThrough);
        }
        long forgotten = remembered.removeFirst();
        return new PromotionState(championAfter, remembered, forgotten);
    }
}
