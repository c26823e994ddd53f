package io.adaptermill.cli.erasure;

import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.VersionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How far the learning again after an erasure has come: note the tenant's events, in each topic's order. Thread-safe.
public final class WayBack {
    private final Set<BatchId> nothingLeft = new HashSet<>();
    private final Map<BatchId, BatchId> closedAgain = new HashMap<>();
    private final Map<BatchId, PromotionDecided> decided = new HashMap<>();
    private final Set<BatchId> failed = new HashSet<>();

    public synchronized void note(BatchReopened event) {
        if (event.left().isEmpty()) nothingLeft.add(event.batch());
    }

    public synchronized void note(BatchClosed event) {
        event.relearns().ifPresent(earlier -> closedAgain.put(earlier, event.batch()));
    }

    /// The first decision about a version is its gates'.
    public synchronized void note(PromotionDecided event) {
        VersionId version = event.version();
        decided.putIfAbsent(new BatchId(version.tenant(), version.number()), event);
    }

    public synchronized void note(TrainingFailed event) {
        failed.add(event.batch());
    }

    /// Whether all that was to be learned again has come to its end.
    public synchronized boolean isOver(SubjectErased erasure) {
        return erasure.again().stream().map(SubjectErased.Again::batch).allMatch(this::isOver);
    }

    private boolean isOver(BatchId earlier) {
        if (nothingLeft.contains(earlier)) return true;
        BatchId again = closedAgain.get(earlier);
        return again != null && (decided.containsKey(again) || failed.contains(again));
    }

    /// What became of the youngest version that was learned again; absent if there is none yet.
    public synchronized Optional<PromotionDecided> last(SubjectErased erasure) {
        return erasure.again().reversed().stream()
                .map(SubjectErased.Again::batch)
                .filter(closedAgain::containsKey)
                .map(closedAgain::get)
                .filter(decided::containsKey)
                .map(decided::get)
                .findFirst();
    }
}
