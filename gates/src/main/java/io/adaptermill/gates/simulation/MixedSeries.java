package io.adaptermill.gates.simulation;

import java.util.ArrayList;
import java.util.List;

/// Tenants with good candidates and empty ones: which share of what is approved is false.
///
/// @param betterShare of candidates that truly are better
/// @param effect by which they are, nats per token
/// @param falseShare of approvals in a series, on average, 0 if it has none; for ours, to be at most α
/// @param found share of the better ones that were approved
public record MixedSeries(String rule, double betterShare, double effect, double falseShare, double found) {
    private static final double BETTER_SHARE = 0.25;
    private static final double[] EFFECTS = {0.2, 0.5};

    static List<MixedSeries> run(Plan plan, Dice dice) {
        List<MixedSeries> results = new ArrayList<>();
        for (double effect : EFFECTS) {
            for (Rule rule : Rule.values()) results.add(run(plan, rule, effect, dice.fork()));
        }
        return results;
    }

    private static MixedSeries run(Plan plan, Rule rule, double effect, Dice dice) {
        double falseShares = 0;
        long better = 0;
        long found = 0;
        for (int series = 0; series < plan.series(); series++) {
            Holdout holdout = new Holdout(dice.fork(), Holdout.Reuse.SHARED);
            int approvals = 0;
            int wrong = 0;
            for (int number = 1; number <= plan.candidates(); number++) {
                boolean isBetter = dice.happens(BETTER_SHARE);
                if (isBetter) better++;
                List<Double> seen = plan.clipped(holdout.next(isBetter ? effect : 0));
                if (!rule.approves(seen, plan.bound(), plan.alpha(), number, approvals)) continue;
                approvals++;
                if (isBetter) found++;
                else wrong++;
            }
            falseShares += (double) wrong / Math.max(1, approvals);
        }
        return new MixedSeries(
                rule.words(), BETTER_SHARE, effect, falseShares / plan.series(), (double) found / better);
    }
}
