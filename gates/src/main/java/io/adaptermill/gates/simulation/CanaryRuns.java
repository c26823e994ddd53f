package io.adaptermill.gates.simulation;

import io.adaptermill.gates.live.LiveComparison;
import io.adaptermill.gates.live.Ratings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Candidates that answer one conversation in ten beside the champion, looked at after each rating of theirs.
///
/// @param goodOfChampion share of good ratings that the champion's answers deserve
/// @param good share that the candidate's deserve
/// @param fallMax largest tolerated fall of it
/// @param promoted share of runs in which the candidate was called close enough
/// @param withdrawn share in which it was called worse; what is missing to all ended without a result
/// @param ratingsMedian of the candidate until either; 0 if none
/// @param ratingsP90 the same, nine in ten
public record CanaryRuns(
        double goodOfChampion,
        double good,
        double fallMax,
        double promoted,
        double withdrawn,
        int ratingsMedian,
        int ratingsP90) {
    /// Answers of the champion for each of the candidate's.
    private static final int BESIDE = 9;

    private static final int RATINGS_MIN = 30;
    private static final double FALL_MAX = 0.1;
    private static final double[][] PAIRS = {
        {0.8, 0.95}, {0.8, 0.9}, {0.8, 0.8}, {0.8, 0.75}, {0.8, 0.7}, {0.8, 0.6}, {0.8, 0.4}, {0.8, 0.1}
    };

    static List<CanaryRuns> run(Plan plan, Dice dice) {
        List<CanaryRuns> results = new ArrayList<>();
        for (double[] pair : PAIRS) results.add(run(plan, pair[0], pair[1], dice.fork()));
        return results;
    }

    private static CanaryRuns run(Plan plan, double goodOfChampion, double good, Dice dice) {
        List<Integer> needed = new ArrayList<>();
        int promoted = 0;
        for (int run = 0; run < plan.runs(); run++) {
            int until = until(plan, goodOfChampion, good, dice);
            if (until != 0) needed.add(Math.abs(until));
            if (until > 0) promoted++;
        }
        int[] sorted = needed.stream().mapToInt(Integer::intValue).toArray();
        Arrays.sort(sorted);
        return new CanaryRuns(
                goodOfChampion,
                good,
                FALL_MAX,
                (double) promoted / plan.runs(),
                (double) (sorted.length - promoted) / plan.runs(),
                sorted.length == 0 ? 0 : sorted[sorted.length / 2],
                sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.9)]);
    }

    /// @return ratings of the candidate until it was promoted; negative until it was withdrawn; 0 for neither
    private static int until(Plan plan, double goodOfChampion, double good, Dice dice) {
        // The other half is for taking it back once it serves.
        double alpha = plan.alpha() / 2;
        Ratings champion = Ratings.NONE;
        Ratings candidate = Ratings.NONE;
        for (int count = 1; count <= plan.ratings(); count++) {
            for (int i = 0; i < BESIDE; i++) champion = champion.after(dice.happens(goodOfChampion));
            candidate = candidate.after(dice.happens(good));
            if (LiveComparison.isShownWorse(champion, candidate, alpha)) return -count;
            if (count >= RATINGS_MIN && LiveComparison.isShownWithin(FALL_MAX, champion, candidate, alpha))
                return count;
        }
        return 0;
    }
}
