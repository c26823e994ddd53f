package io.adaptermill.cli.erasure;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What to hand to whoever asked.
///
/// @param events theirs that are kept sealed, in batches and hold-out
/// @param keysDestroyed how many keys their texts lay under
/// @param textsBefore how many of their texts could be read before
/// @param textsAfter how many can be read by whoever starts now; 0, or this is no receipt
/// @param versions whose weights learned from them
/// @param servedBefore what answered before the request; absent for the bare base model
/// @param servesNow what answers since, which learned nothing from them; absent for the bare base model
/// @param again batches that are learned once more without them, because what they gave must not serve
/// @param relearned the youngest version that gave; absent if there is none, or was not waited for
/// @param outcome what its gates made of it
/// @param cleanAfter from the request to when nothing served any more that had learned from them
/// @param took from the request to the end of what was waited for
public record ErasureReceipt(
        TenantId tenant,
        SubjectId subject,
        String requestedBy,
        String reason,
        Instant requestedAt,
        List<EventId> events,
        int keysDestroyed,
        int textsBefore,
        int textsAfter,
        List<VersionId> versions,
        Optional<VersionId> servedBefore,
        Optional<VersionId> servesNow,
        List<BatchId> again,
        Optional<AdapterRef> relearned,
        Optional<PromotionOutcome> outcome,
        Duration cleanAfter,
        Duration took) {
    /// What a signed one is said to be.
    public static final String TYPE = "application/vnd.adaptermill.erasure-receipt+json";

    public ErasureReceipt {
        events = List.copyOf(events);
        versions = List.copyOf(versions);
        again = List.copyOf(again);
        if (textsAfter != 0) {
            throw new IllegalArgumentException("textsAfter must be 0 for a receipt, was " + textsAfter);
        }
        if (servesNow.filter(versions::contains).isPresent()) {
            throw new IllegalArgumentException("servesNow must not be among the versions, was " + servesNow);
        }
    }
}
