package io.adaptermill.gates.simulation;

import java.util.ArrayList;
import java.util.List;

/// Tenants whose candidates never are any better: each approval is a false one.
///
/// @param holdout whether candidates are judged on the same examples again
/// @param anyFalse share of series with at least one approval; for ours, to be at most α
/// @param falseApprovals in a series, on average
public record NullSeries(
        String holdout, String rule, int series, int candidates, double anyFalse, double falseApprovals) {
    static List<NullSeries> run(Plan plan, Dice dice) {
        List<NullSeries> results = new ArrayList<>();
        for (Holdout.Reuse reuse : Holdout.Reuse.values()) {
            for (Rule rule : Rule.values()) results.add(run(plan, reuse, rule, dice.fork()));
        }
        return results;
    }

    private static NullSeries run(Plan plan, Holdout.Reuse reuse, Rule rule, Dice dice) {
        int withFalse = 0;
        long approvals = 0;
        for (int series = 0; series < plan.series(); series++) {
            Holdout holdout = new Holdout(dice.fork(), reuse);
            int approved = 0;
            for (int number = 1; number <= plan.candidates(); number++) {
                if (rule.approves(plan.clipped(holdout.next(0)), plan.bound(), plan.alpha(), number, approved)) {
                    approved++;
                }
            }
            if (approved > 0) withFalse++;
            approvals += approved;
        }
        return new NullSeries(
                reuse == Holdout.Reuse.FRESH ? "new for each" : "shared window",
                rule.words(),
                plan.series(),
                plan.candidates(),
                (double) withFalse / plan.series(),
                (double) approvals / plan.series());
    }
}
