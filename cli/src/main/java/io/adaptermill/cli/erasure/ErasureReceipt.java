package io.adaptermill.cli.erasure;

import io.adaptermill.cli.lineage.Lineage;
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
/// @param serving what answers now; absent for the bare base model
/// @param lastClean the youngest promoted version without them; absent for the bare base model
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
        Optional<VersionId> serving,
        Optional<VersionId> lastClean,
        Duration took) {
    /// What a signed one is said to be.
    public static final String TYPE = "application/vnd.adaptermill.erasure-receipt+json";

    public ErasureReceipt {
        events = List.copyOf(events);
        versions = List.copyOf(versions);
        if (textsAfter != 0) {
            throw new IllegalArgumentException("textsAfter must be 0 for a receipt, was " + textsAfter);
        }
    }

    /// Versions by what lineage knew before the keys were destroyed; nobody knows it afterwards.
    public static ErasureReceipt of(
            Lineage.OfSubject lineage,
            String requestedBy,
            String reason,
            Instant requestedAt,
            List<EventId> events,
            int keysDestroyed,
            int textsBefore,
            int textsAfter,
            Duration took) {
        return new ErasureReceipt(
                lineage.tenant(),
                lineage.subject(),
                requestedBy,
                reason,
                requestedAt,
                events,
                keysDestroyed,
                textsBefore,
                textsAfter,
                lineage.trained(),
                lineage.serving(),
                lineage.lastClean(),
                took);
    }

    /// Whether what answers now learned from them.
    public boolean isServed() {
        return serving.filter(versions::contains).isPresent();
    }
}
