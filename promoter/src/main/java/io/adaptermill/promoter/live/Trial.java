package io.adaptermill.promoter.live;

import io.adaptermill.gates.live.LiveComparison;
import io.adaptermill.gates.live.Ratings;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Rollout;
import java.util.Locale;
import java.util.Optional;

/// A candidate that answers some of a tenant's conversations beside the champion, and how people rated
/// both since.
///
/// Both are rated at the same time by the same people, so that nothing but the version can make the
/// difference.
///
/// @param base fingerprint of the base model it belongs to
/// @param champion what serves; absent for the bare base model
/// @param alpha half of the tenant's: chance of withdrawing it though it is no worse, and of promoting it
///     though it is worse by more than the plan allows. The other half is for taking it back once it serves
/// @param ofChampion ratings of the champion's answers since the candidate answers
/// @param ofCandidate ratings of the candidate's
public record Trial(
        AdapterRef candidate,
        Digest base,
        Optional<VersionId> champion,
        Rollout.Canary plan,
        double alpha,
        Ratings ofChampion,
        Ratings ofCandidate) {
    public static Trial of(
            AdapterRef candidate,
            Digest base,
            Optional<AdapterRef> champion,
            Rollout.Canary plan,
            double alphaOfTenant) {
        return new Trial(
                candidate,
                base,
                champion.map(AdapterRef::version),
                plan,
                alphaOfTenant / 2,
                Ratings.NONE,
                Ratings.NONE);
    }

    /// What the ratings say by now.
    public sealed interface Standing {
        /// Nothing yet.
        record Open() implements Standing {}

        /// The candidate may serve everybody.
        record Proven(String reason) implements Standing {}

        /// The candidate is worse.
        record Worse(String reason) implements Standing {}

        /// So many ratings have shown neither.
        record Exhausted(String reason) implements Standing {}
    }

    /// @param version that was rated; absent for the bare base model. Others than these two do not count
    public Trial rated(Optional<VersionId> version, boolean good) {
        boolean its = version.equals(Optional.of(candidate.version()));
        boolean champions = version.equals(champion);
        return new Trial(
                candidate,
                base,
                champion,
                plan,
                alpha,
                champions ? ofChampion.after(good) : ofChampion,
                its ? ofCandidate.after(good) : ofCandidate);
    }

    public Standing standing() {
        if (LiveComparison.isShownWorse(ofChampion, ofCandidate, alpha)) {
            return new Standing.Worse(
                    compared("is rated worse than", LiveComparison.evidence(ofChampion, ofCandidate), 1 / alpha));
        }
        if (ofCandidate.count() < plan.ratingsMin()) return new Standing.Open();
        if (LiveComparison.isShownWithin(plan.goodShareFallMax(), ofChampion, ofCandidate, alpha)) {
            return new Standing.Proven(compared(
                    String.format(Locale.ROOT, "is rated at most %.3g below", plan.goodShareFallMax()),
                    evidenceWithin(),
                    1 / alpha));
        }
        return ofCandidate.count() < plan.ratingsMax()
                ? new Standing.Open()
                : new Standing.Exhausted(compared("is not told from", evidenceWithin(), 1 / alpha));
    }

    private double evidenceWithin() {
        return LiveComparison.evidenceWithin(plan.goodShareFallMax(), ofChampion, ofCandidate);
    }

    private String compared(String how, double evidence, double needed) {
        return String.format(
                Locale.ROOT,
                "%s %s %s beside it: %s, %s; evidence %.3g of %.3g",
                candidate.version(),
                how,
                champion.map(VersionId::toString).orElse("the base model"),
                ofCandidate.inWords(),
                ofChampion.inWords(),
                evidence,
                needed);
    }
}
