package io.adaptermill.cli.promises;

import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.RefusalReason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which quarantined events still wait for a person: those that are in no batch, not held out and not refused.
public final class Quarantined {
    private Quarantined() {}

    public static List<Entry<FeedbackQuarantined>> waiting(
            List<Entry<FeedbackQuarantined>> quarantined,
            List<Entry<BatchClosed>> batches,
            List<Entry<HoldoutAssigned>> heldOut,
            List<Entry<FeedbackRefused>> refused) {
        Set<Acknowledged> settled = new HashSet<>();
        for (Entry<BatchClosed> batch : batches) {
            for (BatchItem item : batch.event().items()) settled.add(new Acknowledged(batch.tenant(), item.event()));
        }
        heldOut.forEach(e -> settled.add(new Acknowledged(e.tenant(), e.event().event())));
        refused.stream()
                .filter(e -> e.event().reason() != RefusalReason.DUPLICATE)
                .forEach(e -> settled.add(new Acknowledged(e.tenant(), e.event().event())));
        return quarantined.stream()
                .filter(e ->
                        !settled.contains(new Acknowledged(e.tenant(), e.event().event())))
                .toList();
    }
}
