package io.adaptermill.promoter.live;

import io.adaptermill.gates.live.LiveComparison;
import io.adaptermill.gates.live.Ratings;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The versions that served a tenant, each on top of the one it replaced: what a roll-back goes down.
///
/// @param links oldest first, the last one serves; at most [#LINKS_MAX]
public record ServingLine(List<Link> links) {
    /// Nobody goes back further than this.
    static final int LINKS_MAX = 32;

    public static final ServingLine NEW =
            new ServingLine(List.of(new Link(Optional.empty(), Optional.empty(), 1, Ratings.NONE)));

    public ServingLine {
        links = List.copyOf(links);
        if (links.isEmpty()) throw new IllegalArgumentException("links must not be empty: something always serves");
    }

    /// @param alpha chance of ever taking it back though it is no worse than what it replaces
    public ServingLine promoted(AdapterRef adapter, Digest base, double alpha) {
        return promoted(adapter, base, alpha, Ratings.NONE);
    }

    /// @param ratings that it has already
    ServingLine promoted(AdapterRef adapter, Digest base, double alpha, Ratings ratings) {
        List<Link> longer = new ArrayList<>(links);
        longer.add(new Link(Optional.of(adapter), Optional.of(base), alpha, ratings));
        if (longer.size() > LINKS_MAX) longer.removeFirst();
        return new ServingLine(longer);
    }

    /// A rating counts for the version that wrote the answer, whatever serves by now.
    ///
    /// @param version absent for the bare base model
    public ServingLine rated(Optional<VersionId> version, boolean good) {
        return new ServingLine(links.stream()
                .map(link -> link.adapter().map(AdapterRef::version).equals(version) ? link.after(good) : link)
                .toList());
    }

    public Link serving() {
        return links.getLast();
    }

    /// What served before; absent if nothing older is remembered.
    public Optional<Link> before() {
        return links.size() < 2 ? Optional.empty() : Optional.of(links.get(links.size() - 2));
    }

    /// Why what serves should give way to what served before, if ratings show it to be worse.
    public Optional<String> regression() {
        return before().filter(before -> LiveComparison.isShownWorse(
                        before.ratings(), serving().ratings(), serving().alpha()))
                .map(before -> String.format(
                        Locale.ROOT,
                        "%s is rated worse than %s: %s, %s before; evidence %.3g of %.3g",
                        serving().named(),
                        before.named(),
                        serving().rated(),
                        before.rated(),
                        LiveComparison.evidence(before.ratings(), serving().ratings()),
                        1 / serving().alpha()));
    }

    /// What is left of it without these versions; the bare base model if nothing is.
    public ServingLine without(Collection<VersionId> versions) {
        List<Link> left = links.stream()
                .filter(link -> link.adapter()
                        .filter(ref -> versions.contains(ref.version()))
                        .isEmpty())
                .toList();
        return left.isEmpty() ? NEW : new ServingLine(left);
    }

    /// After a trial that went well.
    public ServingLine promoted(Trial trial) {
        return promoted(trial.candidate(), trial.base(), trial.alpha(), trial.ofCandidate());
    }

    /// @throws IllegalStateException if nothing older is remembered
    public ServingLine rolledBack() {
        if (links.size() < 2) throw new IllegalStateException(serving().named() + " has nothing to go back to");
        return new ServingLine(links.subList(0, links.size() - 1));
    }
}
