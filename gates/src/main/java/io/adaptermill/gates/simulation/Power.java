package io.adaptermill.gates.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tenants whose every batch truly helps a little: how soon it is seen.
///
/// @param effect by which each candidate is better than its parent, nats per token
/// @param bound of clipping, nats per token
/// @param firstApproved share of tenants whose first candidate is approved, on 64 examples
/// @param firstApprovedT the same by a t-test
/// @param candidatesToApproval median; a held candidate is built upon, so its gain adds up
/// @param approvals in a series of 50, on average
public record Power(
        double effect,
        double bound,
        double firstApproved,
        double firstApprovedT,
        int candidatesToApproval,
        double approvals) {
    private static final double[] EFFECTS = {0.02, 0.05, 0.1, 0.2};
    private static final double[] BOUNDS = {2, 1, 0.5};
    private static final int CANDIDATES = 50;

    static List<Power> run(Plan plan, Dice dice) {
        List<Power> results = new ArrayList<>();
        for (double bound : BOUNDS) {
            for (double effect : EFFECTS) results.add(run(plan.withBound(bound), effect, dice.fork()));
        }
        return results;
    }

    private static Power run(Plan plan, double effect, Dice dice) {
        int first = 0;
        int firstT = 0;
        long approvals = 0;
        int[] until = new int[plan.series()];
        for (int series = 0; series < plan.series(); series++) {
            List<Double> seen = plan.clipped(filled(dice).next(effect));
            if (Rule.SERIES.approves(seen, plan.bound(), plan.alpha(), 1, 0)) first++;
            if (Rule.T_TEST.approves(seen, plan.bound(), plan.alpha(), 1, 0)) firstT++;
            List<Integer> approved = approvedAt(plan, effect, filled(dice));
            until[series] = approved.isEmpty() ? CANDIDATES + 1 : approved.getFirst();
            approvals += approved.size();
        }
        Arrays.sort(until);
        double all = plan.series();
        return new Power(effect, plan.bound(), first / all, firstT / all, until[until.length / 2], approvals / all);
    }

    private static Holdout filled(Dice dice) {
        return new Holdout(dice.fork(), Holdout.Reuse.SHARED).filled();
    }

    /// Numbers of the candidates that are approved, when gains over the champion add up until one is.
    private static List<Integer> approvedAt(Plan plan, double effect, Holdout holdout) {
        List<Integer> approved = new ArrayList<>();
        double ahead = 0;
        for (int number = 1; number <= CANDIDATES; number++) {
            ahead += effect;
            List<Double> seen = plan.clipped(holdout.next(ahead));
            if (Rule.SERIES.approves(seen, plan.bound(), plan.alpha(), number, approved.size())) {
                approved.add(number);
                ahead = 0;
            }
        }
        return approved;
    }
}
