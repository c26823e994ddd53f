package io.adaptermill.lora.optim;

import io.adaptermill.schemas.policy.Ranks;

/// A rank that falls during a run: by the same factor at each of some cuts, which are spread evenly over the steps
/// before the last share.
///
/// @param steps of the run, at least 1
public record RankFall(Ranks.Fall policy, int steps) {
    /// @param from the rank it falls from; stays where it is not above the target
    /// @param step counted from 1; 0 before the first
    /// @return after the step
    public int after(int from, int step) {
        int done = 0;
        while (done < policy.cuts() && cut(done + 1) <= step) done++;
        if (from <= policy.targetRank() || done == 0) return from;
        double share = StrictMath.pow((double) policy.targetRank() / from, (double) done / policy.cuts());
        return Math.max(policy.targetRank(), (int) Math.round(from * share));
    }

    /// The step after which a cut is made, counted from 1 both.
    private int cut(int number) {
        return (int) Math.max(1, Math.round((1 - policy.finalShare()) * steps * number / policy.cuts()));
    }
}
