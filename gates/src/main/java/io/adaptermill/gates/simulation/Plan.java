package io.adaptermill.gates.simulation;

import io.adaptermill.schemas.Checks;
import java.util.List;

/// How much to simulate.
///
/// @param series tenants, each with candidates of its own
/// @param runs of a version being rated, for each pair of qualities
/// @param ratings at most, in a run
/// @param alpha error budget
/// @param bound differences are clipped to ± this, nats per token
public record Plan(long seed, int series, int candidates, int runs, int ratings, double alpha, double bound) {
    public static final Plan DEFAULT = new Plan(20_260_801, 1_000, 200, 1_000, 2_000, 0.05, 1);

    public Plan {
        Checks.within("series", series, 1, 1_000_000);
        Checks.within("candidates", candidates, 1, 100_000);
        Checks.within("runs", runs, 1, 1_000_000);
        Checks.within("ratings", ratings, 1, 1_000_000);
        Checks.within("alpha", alpha, 1e-9, 0.5);
        Checks.within("bound", bound, 1e-3, 100);
    }

    List<Double> clipped(List<Double> differences) {
        return differences.stream()
                .map(value -> Math.clamp(value, -bound, bound))
                .toList();
    }

    Plan withBound(double other) {
        return new Plan(seed, series, candidates, runs, ratings, alpha, other);
    }
}
