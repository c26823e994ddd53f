package io.adaptermill.cli.promises;

import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What becomes of feedback: nothing is lost, nothing counts twice, nothing is both taught and examined.
final class FeedbackPromises {
    private FeedbackPromises() {}

    static Promise nothingAcknowledgedIsLost(Evidence evidence) {
        Set<Acknowledged> received = new HashSet<>();
        evidence.received()
                .forEach(e ->
                        received.add(new Acknowledged(e.tenant(), e.envelope().id())));
        List<String> violations = evidence.acknowledged().stream()
                .filter(event -> !received.contains(event))
                .map(event -> event.tenant() + " " + event.event() + " was acknowledged and is not in the topic")
                .toList();
        return new Promise(
                "acknowledged-is-kept",
                "each acknowledged event is in feedback.received",
                evidence.acknowledged().size(),
                violations);
    }

    /// Counts by record, so that a repeated event id needs one refusal for each repetition.
    static Promise everyEventHasOnePlace(Evidence evidence) {
        Map<Acknowledged, Places> places = new HashMap<>();
        evidence.received().forEach(e -> at(places, e.tenant(), e.envelope().id()).received++);
        evidence.heldOut().forEach(e -> at(places, e.tenant(), e.event().event()).heldOut++);
        evidence.batches().stream()
                .filter(batch -> batch.event().relearns().isEmpty())
                .forEach(batch -> {
                    for (BatchItem item : batch.event().items()) at(places, batch.tenant(), item.event()).batched++;
                });
        evidence.refused().forEach(e -> {
            Places place = at(places, e.tenant(), e.event().event());
            if (e.event().reason() == RefusalReason.DUPLICATE) place.duplicates++;
            else place.refused++;
        });
        evidence.waitingForPeople()
                .forEach(e -> at(places, e.tenant(), e.event().event()).quarantined++);
        List<String> violations = new ArrayList<>();
        places.forEach((event, place) -> {
            if (!place.right()) violations.add(event.tenant() + " " + event.event() + " " + place.words());
        });
        return new Promise(
                "one-place-each",
                "each event is in exactly one of batch, hold-out, quarantine, refused; repetitions are refused as such",
                evidence.received().size(),
                violations.stream().sorted().toList());
    }

    private static Places at(Map<Acknowledged, Places> places, TenantId tenant, EventId event) {
        return places.computeIfAbsent(new Acknowledged(tenant, event), unused -> new Places());
    }

    /// Tally of one event id; owned by the thread that checks.
    private static final class Places {
        private int received;
        private int batched;
        private int heldOut;
        private int quarantined;
        private int refused;
        private int duplicates;

        boolean right() {
            boolean placedOnce = batched + heldOut + quarantined <= 1;
            return placedOnce && received == batched + heldOut + quarantined + refused + duplicates;
        }

        String words() {
            return "was received " + received + "×, batched " + batched + "×, held out " + heldOut + "×, quarantined "
                    + quarantined + "×, refused " + refused + "×, refused as a duplicate " + duplicates + "×";
        }
    }
}
