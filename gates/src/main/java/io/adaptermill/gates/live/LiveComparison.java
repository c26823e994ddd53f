package io.adaptermill.gates.live;

import io.adaptermill.gates.betting.CountWealth;
import io.adaptermill.gates.betting.Wealth;

/// Evidence that a version is rated worse than its predecessor was: an e-process, to be looked at after
/// each rating.
///
/// If the version's share p of good ratings is not below the predecessor's share r, then some q in [r, p]
/// makes both of these unlikely: wealth won by betting that p is below q, and wealth won by betting that r
/// is above q. Their product is at most 1 on average at that q, so the least product over all q is evidence
/// against "not worse" whatever p and r are. It ever reaches 1/α with chance α at most, however many
/// ratings come, in whatever pace, and however few the predecessor had.
///
/// The least is taken over cells of q, each judged by the end that proves less: wealth against p grows with
/// q, wealth for r shrinks.
///
/// Source: intersection of e-processes over the nuisance parameter, as in Ramdas et al. 2023,
/// "Game-theoretic statistics and safe anytime-valid inference", §4; each wealth as in [Wealth].
public final class LiveComparison {
    private static final int CELLS = CountWealth.CELLS;

    private LiveComparison() {}

    /// @return in [0, [Wealth#MAX]]; at most 1 on average if the version is not worse
    public static double evidence(Ratings predecessor, Ratings version) {
        double least = Wealth.MAX;
        for (int cell = 0; cell < CELLS; cell++) least = Math.min(least, evidence(cell, predecessor, version));
        return least;
    }

    /// Whether the evidence has reached 1/α; mostly told by the one cell where both would be alike.
    ///
    /// @param alpha chance of ever calling a version worse that is not
    public static boolean isShownWorse(Ratings predecessor, Ratings version, double alpha) {
        if (predecessor.count() == 0 || version.count() == 0) return false;
        double alike = (double) (predecessor.good() + version.good()) / (predecessor.count() + version.count());
        int likeliest = (int) Math.min(CELLS - 1, alike * CELLS);
        return evidence(likeliest, predecessor, version) >= 1 / alpha && evidence(predecessor, version) >= 1 / alpha;
    }

    /// Evidence that a version's share of good ratings lies at most so far below the champion's, with
    /// which it shares the traffic: the same least product, of wealth won by betting that the version's
    /// share is above q less the fall, and of wealth won by betting that the champion's is below q.
    ///
    /// @param fallMax largest tolerated fall; whole cells of it count
    /// @return in [0, [Wealth#MAX]]; at most 1 on average if the version's share lies further below
    public static double evidenceWithin(double fallMax, Ratings champion, Ratings version) {
        int fall = cells(fallMax);
        double least = Wealth.MAX;
        // Below the first of these cells the version's share would be negative.
        for (int cell = fall; cell < CELLS; cell++) {
            least = Math.min(least, evidenceWithin(fall, cell, champion, version));
        }
        return least;
    }

    /// Whether that evidence has reached 1/α; mostly told by the one cell where the fall would be just that.
    ///
    /// @param alpha chance of ever calling a version close that lies further below
    public static boolean isShownWithin(double fallMax, Ratings champion, Ratings version, double alpha) {
        if (champion.count() == 0 || version.count() == 0) return false;
        double good = champion.good() + version.good() + fallMax * version.count();
        double share = good / (champion.count() + version.count());
        int likeliest = Math.clamp((int) (share * CELLS), cells(fallMax), CELLS - 1);
        return evidenceWithin(cells(fallMax), likeliest, champion, version) >= 1 / alpha
                && evidenceWithin(fallMax, champion, version) >= 1 / alpha;
    }

    private static int cells(double fallMax) {
        return Math.min(CELLS - 1, (int) (fallMax * CELLS + 1e-9));
    }

    private static double evidenceWithin(int fall, int cell, Ratings champion, Ratings version) {
        double above = CountWealth.against(cell + 1 - fall, version.good(), version.bad());
        double below = CountWealth.against(CELLS - cell, champion.bad(), champion.good());
        return above * below;
    }

    private static double evidence(int cell, Ratings predecessor, Ratings version) {
        double below = CountWealth.against(CELLS - cell, version.bad(), version.good());
        double above = CountWealth.against(cell + 1, predecessor.good(), predecessor.bad());
        return below * above;
    }
}
