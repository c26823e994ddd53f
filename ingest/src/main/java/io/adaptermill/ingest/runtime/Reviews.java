package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.batch.WaitingItem;
import io.adaptermill.ingest.screen.Refusal;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.QuarantineRequested;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// A person's word on quarantined events: what is released goes where it would have gone, the rest is refused. Owned
/// by the task's thread.
final class Reviews {
    private final Quarantine quarantine;
    private final Placement placement;
    private final Outbox outbox;

    Reviews(Quarantine quarantine, Placement placement, Outbox outbox) {
        this.quarantine = quarantine;
        this.placement = placement;
        this.outbox = outbox;
    }

    /// @param policy absent for a tenant that is gone: nothing moves
    void review(Envelope<QuarantineRequested> envelope, Optional<TenantPolicy> policy, Instant now) {
        TenantId tenant = envelope.tenant();
        QuarantineRequested request = envelope.event();
        List<EventId> done = new ArrayList<>();
        List<EventId> unknown = new ArrayList<>();
        for (EventId event : new LinkedHashSet<>(request.events())) {
            Optional<WaitingItem> item = policy.flatMap(_ -> quarantine.take(tenant, event));
            item.ifPresent(waiting -> settle(tenant, waiting, request, policy.orElseThrow(), now));
            (item.isPresent() ? done : unknown).add(event);
        }
        outbox.answer(tenant, new QuarantineAnswered(envelope.id(), done, unknown, quarantine.size(tenant)), now);
    }

    private void settle(
            TenantId tenant, WaitingItem waiting, QuarantineRequested request, TenantPolicy policy, Instant now) {
        Source source = Source.of(tenant, waiting);
        switch (request.action()) {
            case RELEASE -> placement.admit(source, waiting.item(), policy, now);
            case DISCARD ->
                placement.refuse(
                        source,
                        new Refusal(RefusalReason.DISCARDED, "discarded by " + request.by() + ": " + request.reason()),
                        now);
        }
    }
}
