package io.adaptermill.cli.erasure;

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
/// @param relearned how many events of others, which taught what does not serve any more, are learned once
///     more
/// @param took from the request to the last proof
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
        int relearned,
        Duration took) {
    /// What a signed one is said to be.
    public static final String TYPE = "application/vnd.adaptermill.erasure-receipt+json";

    public ErasureReceipt {
        events = List.copyOf(events);
        versions = List.copyOf(versions);
        if (textsAfter != 0) {
            throw new IllegalArgumentException("textsAfter must be 0 for a receipt, was " + textsAfter);
        }
        if (servesNow.filter(versions::contains).isPresent()) {
            throw new IllegalArgumentException("servesNow must not be among the versions, was " + servesNow);
        }
    }
}
