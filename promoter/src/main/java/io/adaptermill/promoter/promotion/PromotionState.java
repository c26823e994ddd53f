package io.adaptermill.promoter.promotion;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the promoter remembers of one tenant.
///
/// @param champion what serves; absent for the bare base model
/// @param decided numbers of the versions decided last, ascending, at most [#REMEMBERED]
/// @param decidedThrough versions up to this number count as decided, since nobody remembers otherwise
/// @param erased numbers of versions that must not serve, because they learned from somebody who asked to be forgotten,
///     as long as they are not decided; absent if there are none
public record PromotionState(
        Optional<AdapterRef> champion, List<Long> decided, long decidedThrough, Optional<List<Long>> erased) {
    /// One batch of a tenant is in flight at a time, so a repetition this old has never been due.
    static final int REMEMBERED = 64;

    public static final PromotionState NEW = new PromotionState(Optional.empty(), List.of(), 0, Optional.empty());

    public PromotionState {
        decided = List.copyOf(decided);
        erased = erased.filter(some -> !some.isEmpty()).map(List::copyOf);
    }

    boolean hasDecided(VersionId version) {
        return version.number() <= decidedThrough || decided.contains(version.number());
    }

    boolean isErased(VersionId version) {
        return erased.filter(numbers -> numbers.contains(version.number())).isPresent();
    }

    /// The state once these must not serve, whatever their gates will say.
    public PromotionState erasing(Collection<VersionId> versions) {
        List<Long> numbers = Stream.concat(
                        erased.stream().flatMap(List::stream),
                        versions.stream()
                                .filter(version -> !hasDecided(version))
                                .map(VersionId::number))
                .distinct()
                .toList();
        return new PromotionState(champion, decided, decidedThrough, Optional.of(numbers));
    }

    /// The state once this has been decided about the candidate.
    public PromotionState after(AdapterRef candidate, Decision decision) {
        return switch (decision) {
            case Decision.Promote _ -> remembering(candidate.version(), Optional.of(candidate));
            case Decision.Hold _ -> remembering(candidate.version(), champion);
            case Decision.Await _ -> remembering(candidate.version(), champion);
            case Decision.Try _ -> remembering(candidate.version(), champion);
            case Decision.Refuse _ -> remembering(candidate.version(), champion);
            case Decision.RollBack(var to, String _) -> serving(to);
            case Decision.AlreadyDecided _ -> this;
        };
    }

    /// The state once a person let another version serve.
    public PromotionState serving(Optional<AdapterRef> other) {
        return new PromotionState(other, decided, decidedThrough, erased);
    }

    private PromotionState remembering(VersionId version, Optional<AdapterRef> championAfter) {
        List<Long> remembered = new ArrayList<>(decided);
        remembered.add(version.number());
        remembered.sort(null);
        Optional<List<Long>> waiting = erased.map(numbers ->
                numbers.stream().filter(number -> number != version.number()).toList());
        if (remembered.size() <= REMEMBERED) {
            return new PromotionState(championAfter, remembered, decidedThrough, waiting);
        }
        long forgotten = remembered.removeFirst();
        return new PromotionState(championAfter, remembered, forgotten, waiting);
    }
}
