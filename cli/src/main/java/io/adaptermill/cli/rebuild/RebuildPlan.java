package io.adaptermill.cli.rebuild;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What has to be trained again, the oldest first, to get one version.
///
/// @param checkpoint the artifact that the first step goes on from; absent if that is the bare base model
public record RebuildPlan(Optional<AdapterRef> checkpoint, List<Step> steps) {
    public RebuildPlan {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) throw new IllegalArgumentException("a plan must have at least one step");
    }

    /// @param logged what came of the batch the first time
    public record Step(BatchClosed batch, AdapterTrained logged) {}

    /// How far back to go.
    public enum Start {
        /// To the youngest ancestor whose artifact is there.
        NEAREST_CHECKPOINT,
        /// All the way, trusting nothing but the log and the base model.
        BASE
    }

    /// @param inStore whether an artifact is there to go on from
    /// @throws NotInLog if the version, or a batch on the way to it, is not in the log
    public static RebuildPlan of(
            VersionId wanted,
            List<BatchClosed> batches,
            List<AdapterTrained> trained,
            Start start,
            Predicate<Digest> inStore) {
        Map<BatchId, BatchClosed> closed = new HashMap<>();
        batches.forEach(batch -> closed.putIfAbsent(batch.batch(), batch));
        Map<VersionId, AdapterTrained> versions = new HashMap<>();
        trained.forEach(version -> versions.putIfAbsent(version.version(), version));

        List<Step> steps = new ArrayList<>();
        Optional<AdapterRef> parent;
        VersionId next = wanted;
        do {
            Step step = step(next, versions, closed);
            steps.addFirst(step);
            parent = step.batch().parent();
            if (parent.isPresent()) next = older(step, parent.get());
        } while (parent.isPresent()
                && !(start == Start.NEAREST_CHECKPOINT
                        && inStore.test(parent.get().artifact())));
        return new RebuildPlan(parent, steps);
    }

    private static Step step(
            VersionId version, Map<VersionId, AdapterTrained> versions, Map<BatchId, BatchClosed> closed) {
        AdapterTrained logged = versions.get(version);
        if (logged == null) throw new NotInLog("version " + version + " is not in adapter.trained");
        BatchClosed batch = closed.get(logged.batch());
        if (batch == null) throw new NotInLog("batch " + logged.batch() + " is not in batch.closed");
        return new Step(batch, logged);
    }

    private static VersionId older(Step step, AdapterRef parent) {
        if (parent.version().number() >= step.logged().version().number()) {
            throw new NotInLog(step.logged().version() + " names the younger " + parent.version() + " as its parent");
        }
        return parent.version();
    }

    /// The log does not say how the version came about.
    ///
    /// *What to do:* nothing can rebuild it; the version itself may still be in the artifact store.
    public static final class NotInLog extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotInLog(String what) {
            super(what);
        }
    }
}
