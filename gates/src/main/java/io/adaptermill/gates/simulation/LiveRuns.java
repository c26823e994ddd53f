package io.adaptermill.gates.simulation;

import io.adaptermill.gates.live.LiveComparison;
import io.adaptermill.gates.live.Ratings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Versions rated one answer at a time, looked at after each: A/A when both are alike, A/B when the new one
/// is worse.
///
/// @param ratingsBefore that the predecessor has
/// @param goodBefore share of good ratings that the predecessor's answers deserve
/// @param good share that the version's deserve
/// @param rolledBack share of runs in which the version was ever called worse; for A/A, to be at most α
/// @param ratingsMedian until then, over the runs in which it was; 0 if none
/// @param ratingsP90 the same, nine in ten
public record LiveRuns(
        int ratingsBefore,
        double goodBefore,
        double good,
        int runs,
        int ratingsMax,
        double rolledBack,
        int ratingsMedian,
        int ratingsP90) {
    private static final int[] BEFORE = {30, 200};
    private static final double[][] PAIRS = {
        {0.5, 0.5}, {0.8, 0.8}, {0.95, 0.95}, {0.8, 0.9}, {0.8, 0.7}, {0.8, 0.6}, {0.8, 0.4}, {0.8, 0.1}
    };

    static List<LiveRuns> run(Plan plan, Dice dice) {
        List<LiveRuns> results = new ArrayList<>();
        for (int before : BEFORE) {
            for (double[] pair : PAIRS) results.add(run(plan, before, pair[0], pair[1], dice.fork()));
        }
        return results;
    }

    private static LiveRuns run(Plan plan, int before, double goodBefore, double good, Dice dice) {
        int[] needed = new int[plan.runs()];
        int called = 0;
        for (int run = 0; run < plan.runs(); run++) {
            Ratings predecessor = Ratings.NONE;
            for (int i = 0; i < before; i++) predecessor = predecessor.after(dice.happens(goodBefore));
            int until = until(plan, predecessor, good, dice);
            if (until <= plan.ratings()) needed[called++] = until;
        }
        int[] sorted = Arrays.copyOf(needed, called);
        Arrays.sort(sorted);
        return new LiveRuns(
                before,
                goodBefore,
                good,
                plan.runs(),
                plan.ratings(),
                (double) called / plan.runs(),
                called == 0 ? 0 : sorted[called / 2],
                called == 0 ? 0 : sorted[(int) (called * 0.9)]);
    }

    /// @return how many ratings it took to call the version worse; one more than there are if it never was
    private static int until(Plan plan, Ratings predecessor, double good, Dice dice) {
        Ratings version = Ratings.NONE;
        for (int count = 1; count <= plan.ratings(); count++) {
            version = version.after(dice.happens(good));
            if (LiveComparison.isShownWorse(predecessor, version, plan.alpha())) return count;
        }
        return plan.ratings() + 1;
    }
}
