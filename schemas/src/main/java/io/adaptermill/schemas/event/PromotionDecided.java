package io.adaptermill.schemas.event;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;

/// The promoter decided on a version: the only place where a right to serve comes from, and where it is taken back.
///
/// @param version the candidate, or the version that was rolled back
/// @param championBefore what served when it was decided; absent for the bare base model
/// @param reason in words, for people
/// @param champion what serves after a roll-back; absent for the bare base model, and for every other outcome
/// @param by who decided: absent for the promoter on a verdict, [#LIVE_RATINGS], [#ERASURE], or a
///     person
public record PromotionDecided(
        VersionId version,
        Digest artifact,
        PromotionOutcome outcome,
        Optional<AdapterRef> championBefore,
        String reason,
        Optional<AdapterRef> champion,
        Optional<String> by)
        implements Event {
    /// Users' ratings of what the version answered.
    public static final String LIVE_RATINGS = "live-ratings";

    /// Somebody from whom the version learned asked to be forgotten.
    public static final String ERASURE = "erasure";

    public PromotionDecided {
        Checks.filled("reason", reason);
        by.ifPresent(who -> Checks.filled("by", who));
        if (champion.isPresent() && outcome != PromotionOutcome.ROLLED_BACK) {
            throw new IllegalArgumentException("champion must be absent unless outcome is rolled-back, was " + outcome);
        }
    }

    /// What a verdict leads to.
    public PromotionDecided(
            VersionId version,
            Digest artifact,
            PromotionOutcome outcome,
            Optional<AdapterRef> championBefore,
            String reason) {
        this(version, artifact, outcome, championBefore, reason, Optional.empty(), Optional.empty());
    }

    /// A version that served gives way to one that did before it.
    ///
    /// @param to absent for the bare base model
    public static PromotionDecided rollBack(AdapterRef from, Optional<AdapterRef> to, String reason, String by) {
        return new PromotionDecided(
                from.version(),
                from.artifact(),
                PromotionOutcome.ROLLED_BACK,
                Optional.of(from),
                reason,
                to,
                Optional.of(by));
    }

    public AdapterRef ref() {
        return new AdapterRef(version, artifact);
    }

    /// Whether it changes what serves.
    public boolean moves() {
        return switch (outcome) {
            case PROMOTED, ROLLED_BACK -> true;
            case HELD, REFUSED -> false;
        };
    }

    /// What serves once this is done.
    public Optional<AdapterRef> championAfter() {
        return switch (outcome) {
            case PROMOTED -> Optional.of(ref());
            case HELD, REFUSED -> championBefore;
            case ROLLED_BACK -> champion;
        };
    }
}
